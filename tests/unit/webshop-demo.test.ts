import { beforeAll, describe, expect, test } from "vitest";
import type { Environment } from "@/lib/core/ports";
import type { Subtask } from "@/lib/core/trajectory";
import { demoSource } from "@/lib/environments/webshop/demo/generate";
import { environments } from "@/lib/environments/registry";

describe("corner shop, our own catalogue", () => {
  let shop: Environment;
  let subtasks: Subtask[];
  beforeAll(async () => {
    shop = await environments.webshop.connect(environments.webshop.Config.parse({}));
    subtasks = await shop.subtasks();
  });

  test("is the same every time", () => {
    expect(demoSource()).toEqual(demoSource());
  });

  test("has a few hundred products with codes of its own", () => {
    const { items } = demoSource();
    expect(items.length).toBeGreaterThanOrEqual(400);
    expect(new Set(items.map((item) => item.asin)).size).toBe(items.length);
    expect(items.every((item) => /^CS[A-Z2-9]{8}$/.test(item.asin))).toBe(true);
  });

  test("has at least 200 tasks, and every one can be met in full", () => {
    expect(subtasks.length).toBeGreaterThanOrEqual(200);
    expect(subtasks.filter((subtask) => subtask.bestReward !== 1)).toEqual([]);
  });

  test("every property asked for can be read on the product's pages", () => {
    const { items, instructions } = demoSource();
    for (const item of items) {
      const pages = [item.name, item.full_description, ...item.small_description].join("\n").toLowerCase();
      for (const attribute of instructions[item.asin]?.instruction_attributes ?? [])
        expect(pages).toContain(attribute);
    }
  });

  test("buying the first result mostly fails, and often succeeds", async () => {
    const rewards = await Promise.all(
      subtasks.filter((_, i) => i % 2 === 0).map((subtask) => firstHit(shop, subtask)),
    );
    const rate = rewards.filter((reward) => reward === 1).length / rewards.length;
    expect(rate).toBeGreaterThan(0.25);
    expect(rate).toBeLessThan(0.6);
  });
});

/** Searches for the wish as it is worded, opens the first result, picks the options asked for and buys. */
async function firstHit(shop: Environment, { subtaskKey, instruction }: Subtask): Promise<number> {
  const episode = await shop.open(subtaskKey);
  const wish = instruction.replace(/^Find me /, "").replace(/, and price lower.*$/, "");
  const results = await episode.step(`search[${wish}]`);
  const item = await episode.step(`click[${results.actions?.[2]}]`);
  const values = (item.actions ?? []).slice(6).filter((value) => wish.includes(`: ${value}`));
  for (const value of values) await episode.step(`click[${value}]`);
  return (await episode.step("click[buy now]")).reward;
}
