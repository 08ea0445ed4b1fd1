import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawFrom } from "@/lib/policies/random";
import { coverage, readWish, wordsOf } from "@/lib/policies/shop-wish";

const instruction =
  "Find me warm, hand wash wool mittens with thumb hole for winter with color: sky blue, and size: l, and price lower than 20.00 dollars";

describe("readWish", () => {
  it("tells product, options and price apart", () => {
    const wish = readWish(instruction);
    expect(wish.options).toEqual([
      { name: "color", value: "sky blue" },
      { name: "size", value: "l" },
    ]);
    expect(wish.priceLimit).toBe(20);
    expect(wish.keywords).toEqual(["warm", "hand", "wash", "wool", "mittens", "thumb", "hole", "winter"]);
    expect(wish.words.get("mitten")).toBeGreaterThan(wish.words.get("winter") ?? 9);
  });

  it("takes an instruction in a person's words, without options or price", () => {
    const wish = readWish(
      "i need a long clip-in hair extension which is natural looking, and price lower than 1,040.00 dollars",
    );
    expect(wish).toMatchObject({ options: [], priceLimit: 1040 });
    expect(readWish("tea").priceLimit).toBeNull();
    expect(readWish("").keywords).toEqual(["product"]);
  });

  it("measures how much of the wish a text covers", () => {
    const wish = readWish("Find me wool mittens");
    expect(coverage(wish, "Wool Mitten")).toBe(1);
    expect(coverage(wish, "Leather gloves")).toBe(0);
    expect(wordsOf("Men's Dress SHORTS, 5.5x")).toEqual(["men", "dress", "short", "5.5x"]);
  });
});

it("draws evenly and the same for the same seed", () => {
  const draw = drawFrom(5);
  const drawn = Array.from({ length: 4000 }, () => draw());
  expect(drawn.slice(0, 3)).toEqual(
    Array.from(
      { length: 3 },
      (
        (again) => () =>
          again()
      )(drawFrom(5)),
    ),
  );
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(Math.abs(drawn.reduce((sum, value) => sum + value, 0) / drawn.length - 0.5)).toBeLessThan(0.02);
});

const shared = "../shared/data";
const absent = !existsSync(shared);
describe.skipIf(absent)(`real instructions${absent ? " (skipped: ../shared/data is absent)" : ""}`, () => {
  it("state wishes whose options are found in all 6,910 instructions", () => {
    const goals: { instruction_no_price: string; goal_options: Record<string, string> }[] = JSON.parse(
      readFileSync(`${shared}/webshop-1k/goals_synthetic_6910.json`, "utf8"),
    );
    const missed = goals.filter(({ instruction_no_price, goal_options }) => {
      const { options } = readWish(`${instruction_no_price}, and price lower than 50.00 dollars`);
      return (
        JSON.stringify(options.map(({ name, value }) => [name, value])) !==
        JSON.stringify(Object.entries(goal_options))
      );
    });
    expect(missed.map((goal) => goal.instruction_no_price)).toEqual([]);
  });
});
