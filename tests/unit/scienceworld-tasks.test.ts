import { describe, expect, it } from "vitest";
import { ScienceWorldConfig } from "@/lib/environments/scienceworld/config";
import { agentgymTasks, gameOf, inOrder, listed } from "@/lib/environments/scienceworld/tasks";

/** Names and variations as the simulator lists them, by name. */
const variations: Record<string, number> = {
  boil: 30,
  "change-the-state-of-matter-of": 30,
  "chemistry-mix": 32,
  "chemistry-mix-paint-secondary-color": 36,
  "chemistry-mix-paint-tertiary-color": 36,
  "find-animal": 300,
  "find-living-thing": 300,
  "find-non-living-thing": 300,
  "find-plant": 300,
  freeze: 30,
  "grow-fruit": 126,
  "grow-plant": 126,
  "identify-life-stages-1": 14,
  "identify-life-stages-2": 10,
  "inclined-plane-determine-angle": 168,
  "inclined-plane-friction-named-surfaces": 1386,
  "inclined-plane-friction-unnamed-surfaces": 162,
  "lifespan-longest-lived": 125,
  "lifespan-longest-lived-then-shortest-lived": 125,
  "lifespan-shortest-lived": 125,
  "measure-melting-point-known-substance": 436,
  "measure-melting-point-unknown-substance": 300,
  melt: 30,
  "mendelian-genetics-known-plant": 120,
  "mendelian-genetics-unknown-plant": 480,
  "power-component": 20,
  "power-component-renewable-vs-nonrenewable-energy": 20,
  "test-conductivity": 900,
  "test-conductivity-of-unknown-substances": 600,
  "use-thermometer": 540,
};
const tasks = inOrder(Object.keys(variations)).map(({ name, number }) => ({
  name,
  number,
  variations: variations[name] ?? 0,
}));

describe("tasks", () => {
  it("are in the paper's order, and one the paper does not know is last", () => {
    expect(tasks.map(({ name }) => name).slice(0, 5)).toEqual([
      "boil",
      "melt",
      "freeze",
      "change-the-state-of-matter-of",
      "use-thermometer",
    ]);
    expect(inOrder(["zzz", "melt", "aaa", "boil"]).map(({ name }) => name)).toEqual([
      "boil",
      "melt",
      "aaa",
      "zzz",
    ]);
  });

  it("are 4,639 games in AgentGym", () => {
    const games = agentgymTasks(tasks);
    expect(games.reduce((sum, task) => sum + task.variations, 0)).toBe(4639);
    expect(games).toHaveLength(23);
  });

  // The places AgentGym's server gives: it counts through its tasks in order.
  it.each([
    ["sciworld_0", "boil", 0],
    ["sciworld_29", "boil", 29],
    ["sciworld_30", "melt", 0],
    ["sciworld_119", "change-the-state-of-matter-of", 29],
    ["sciworld_120", "use-thermometer", 0],
    ["sciworld_660", "measure-melting-point-known-substance", 0],
    ["sciworld_1395", "measure-melting-point-unknown-substance", 299],
    ["sciworld_1416", "power-component-renewable-vs-nonrenewable-energy", 0],
    ["sciworld_2336", "test-conductivity-of-unknown-substances", 0],
    ["sciworld_2936", "find-living-thing", 0],
    ["sciworld_3835", "find-plant", 299],
    ["sciworld_4136", "chemistry-mix", 0],
    ["sciworld_4239", "chemistry-mix-paint-tertiary-color", 35],
    ["sciworld_4365", "lifespan-shortest-lived", 0],
    ["sciworld_4490", "lifespan-longest-lived-then-shortest-lived", 0],
    ["sciworld_4638", "identify-life-stages-2", 9],
    ["grow-fruit_125", "grow-fruit", 125],
  ])("%s is %s, variation %i", (key, task, variation) =>
    expect(gameOf(key, tasks)).toEqual({ task, variation }),
  );

  it.each([
    "sciworld_4639",
    "boil_30",
    "boil_-1",
    "boil_01",
    "boil",
    "boil_",
    "_0",
    "toString_0",
    "boil_1e1",
    "",
  ])("%j is no game", (key) => expect(gameOf(key, tasks)).toBeNull());
});

it("reads a Java list's text", () => {
  expect(listed("[boil, melt]")).toEqual(["boil", "melt"]);
  expect(listed("[]")).toEqual([]);
});

it("has settings that name what is wrong", () => {
  expect(ScienceWorldConfig.parse({})).toMatchObject({ simplifications: "", tasks: "all", maxMoves: 100 });
  for (const wrong of [{ jvms: 0 }, { memoryMb: 8 }, { tasks: "some" }, { jarr: "x" }])
    expect(ScienceWorldConfig.safeParse(wrong).success).toBe(false);
});
