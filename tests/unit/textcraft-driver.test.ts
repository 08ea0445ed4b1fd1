import { describe, expect, test } from "vitest";
import { builtInRecipes } from "@/lib/environments/textcraft/built-in";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { RecipeBook } from "@/lib/environments/textcraft/recipes";
import { openingMessages } from "@/lib/prompts/conversation";

const own = new RecipeBook(builtInRecipes());

describe("the driver on our own recipes", async () => {
  const connect = (config: unknown = {}) => textcraft.connect(textcraft.Config.parse(config));
  const workshop = await connect();
  const subtasks = await workshop.subtasks();

  test("has a task for every item with a recipe, by depth, and all can be solved", () => {
    expect(own.items.size).toBeGreaterThanOrEqual(100);
    expect(subtasks).toHaveLength(own.byItem.size);
    expect(subtasks.every(({ bestReward }) => bestReward === 1)).toBe(true);
    const depths = subtasks.map(({ taskType }) => Number(taskType?.replace("depth-", "")));
    expect(depths).toEqual([...depths].sort((a, b) => a - b));
    expect(new Set(depths)).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(subtasks[0]).toEqual({
      subtaskKey: "textcraft_0",
      instruction: "craft ash board",
      bestReward: 1,
      taskType: "depth-1",
      split: null,
    });
  });

  test("shows every command of the way to the goal, and at most ten more that share its ingredients", async () => {
    const { start } = await workshop.open("textcraft_96");
    expect(start.text).toMatch(/^Crafting commands:\n(craft \d+ .+ using .+\n)+\nGoal: craft wheelbarrow\.$/);
    for (const recipe of ["rod", "wheel", "iron_ingot", "charcoal", "larch_board"].flatMap((name) =>
      own.recipesOf(`workshop:${name}`),
    ))
      expect(start.text.split("\n")).toContain(own.commandOf(recipe));
    const bare = await (await connect({ tasks: { kind: "tree", distractors: 0 } })).open("96");
    const extra = start.text.split("\n").filter((line) => !bare.start.text.split("\n").includes(line));
    expect(extra.length).toBe(10);
    expect(bare.start.text).not.toContain("craft 1 oven using");
  });

  test("the text of a task depends on the seed and nothing else", async () => {
    const drawn = async (seed: number, distractors: number) => {
      const { fingerprint, open } = await connect({ tasks: { kind: "tree", seed, distractors } });
      const lines = (await open("textcraft_90")).start.text.split("\n");
      return { fingerprint, lines, sorted: [...lines].sort() };
    };
    expect(await drawn(3, 10)).toEqual(await drawn(3, 10));
    const [three, four] = [await drawn(3, 10), await drawn(4, 10)];
    expect(three.sorted).not.toEqual(four.sorted);
    expect(three.fingerprint).not.toBe(four.fingerprint);
    const [bare, other] = [await drawn(3, 0), await drawn(4, 0)];
    expect(bare.sorted).toEqual(other.sorted);
    expect(bare.lines).not.toEqual(other.lines);
  });

  test("an unknown task says which there are", async () => {
    await expect(workshop.open("textcraft_97")).rejects.toMatchObject({
      code: "not_found",
      fix: expect.stringContaining("textcraft_0 to textcraft_96"),
    });
  });

  test("a closed episode takes no more actions, an aborted one does not open", async () => {
    const episode = await workshop.open("5");
    await episode.close();
    await expect(episode.step("inventory")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(workshop.open("5", AbortSignal.abort(new Error("cancelled")))).rejects.toThrow("cancelled");
  });

  test("actions are taken as written, or cleaned as by AgentGym's client where that is asked for", async () => {
    const said = async (actions: string, action: string) =>
      (await (await (await connect({ actions })).open("0")).step(action)).text;
    const [marked, spaced] = ["get 1 clay.\nThought: next", "  get\t 1   clay "];
    expect(await said("raw", marked)).toBe("Could not find clay.");
    expect(await said("agentgym", marked)).toBe("Got 1 clay");
    expect(await said("raw", spaced)).toBe(`Could not execute ${spaced}`);
    expect(await said("agentgym", "  get  1   clay ")).toBe("Got 1 clay");
    expect((await connect({ actions: "agentgym" })).fingerprint).not.toBe(workshop.fingerprint);
  });

  test("its prompt says what it always said: a change of wording needs a new version", async () => {
    const [message] = openingMessages({ driverId: "textcraft", instruction: "craft a door", opening: [] });
    await expect(`${message?.content}\n`).toMatchFileSnapshot("../fixtures/prompts/textcraft.txt");
  });
});
