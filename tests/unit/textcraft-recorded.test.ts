import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Environment } from "@/lib/core/ports";
import { verifyReplay } from "@/lib/core/replay";
import type { Step } from "@/lib/core/trajectory";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { agenttraj } from "@/lib/importers/agenttraj";
import { actionOf, planFor } from "@/lib/policies/crafter-plan";
import { readSheet } from "@/lib/policies/crafter-sheet";
import { sharedDataMissing, sharedFile, sharedJson } from "../support/shared-data";

const missing = sharedDataMissing("textcraft", "episodes_10.json");
const recipes = { kind: "file", path: sharedFile("textcraft", "recipe_tree_compact.json") };
const connect = (config: unknown) => textcraft.connect(textcraft.Config.parse(config));

const Recorded = z.object({
  id: z.string(),
  goal: z.string(),
  commands: z.string(),
  initial_observation: z.string(),
  recorded_reward: z.number(),
  steps: z.array(
    z.object({ action: z.string(), observation: z.string(), reward: z.number(), done: z.boolean() }),
  ),
});
type Recorded = z.infer<typeof Recorded>;

const recorded = missing ? [] : z.array(Recorded).parse(sharedJson("textcraft", "episodes_10.json"));

/** The episode as AgentTraj keeps it. */
function conversationOf({ initial_observation, steps }: Recorded, item_id: string) {
  const turn = (from: string, value: string, loss: boolean | null) => ({ from, value, loss });
  const seen = [initial_observation, ...steps.map((step) => step.observation)];
  const turns = steps.flatMap(({ action }, t) => [
    turn("human", seen[t] ?? "", null),
    turn("gpt", `Thought:\nnext\n\nAction:\n${action}`, true),
  ]);
  const opening = [turn("human", "Craft things.", null), turn("gpt", "OK.", false)];
  return { item_id, conversations: [...opening, ...turns, turn("human", seen.at(-1) ?? "", null)] };
}

describe.skipIf(missing)(
  `the original's recordings${missing ? " (skipped: ../shared/data is absent)" : ""}`,
  () => {
    let folder: string;
    let shop: Environment;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "gleaner-textcraft-"));
      shop = await connect({
        recipes,
        tasks: { kind: "file", path: sharedFile("textcraft", "episodes_10.json") },
      });
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const asFile = async (name: string, content: string) => {
      await writeFile(path.join(folder, name), content);
      return { kind: "file", path: path.join(folder, name) };
    };

    test("are ten, and a task file of them", async () => {
      expect(recorded).toHaveLength(10);
      expect((await shop.subtasks()).map(({ subtaskKey }) => subtaskKey)).toEqual(
        recorded.map(({ id }) => id),
      );
    });

    test.each(recorded)("$id replays exactly", async ({ id, initial_observation, steps }) => {
      const episode = await shop.open(id);
      expect(episode.start.text).toBe(initial_observation);
      for (const { action, observation, reward, done } of steps)
        expect(await episode.step(action)).toEqual({ text: observation, actions: null, reward, done });
    });

    test("are verified, and diverge where one answer is another", async () => {
      for (const { id, initial_observation, recorded_reward, steps } of recorded) {
        const seen = [initial_observation, ...steps.map((step) => step.observation)];
        const told: Step[] = steps.map(({ action, reward }, t) => ({
          ...{ observation: seen[t] ?? "", thought: null, action, reward, messages: null },
        }));
        const whole = {
          subtaskKey: id,
          steps: told,
          finalObservation: seen.at(-1) ?? null,
          reward: recorded_reward,
        };
        expect(await verifyReplay(shop, whole)).toMatchObject({ state: "verified" });
        const changed = told.map((step, t) => (t === 3 ? { ...step, observation: "Got 1 diamond" } : step));
        expect(await verifyReplay(shop, { ...whole, steps: changed })).toMatchObject({
          state: "diverged",
          divergence: { stepIndex: 3 },
        });
      }
    });

    test("imported as AgentTraj conversations, their own file is their task list", async () => {
      const listed = recorded.map((episode, i) => conversationOf(episode, `textcraft_${700 + i}`));
      const defaults = {
        environment: null,
        source: "expert",
        model: null,
        withoutReward: "unknown",
      } as const;
      const lines = listed.map((entry) => JSON.stringify(entry)).join("\n");
      for (const [name, content] of [
        ["array.json", JSON.stringify(listed)],
        ["lines.jsonl", `${lines}\n`],
      ] as const) {
        const from = await connect({ recipes, tasks: await asFile(name, content) });
        for (const entry of listed) {
          const draft = agenttraj.read(entry, defaults);
          expect(await verifyReplay(from, draft)).toMatchObject({ state: "verified" });
        }
      }
    });

    test("goal and commands are enough, and make the same first text", async () => {
      const bare = recorded.map(({ id, goal, commands }) => ({ id, goal, commands }));
      const from = await connect({ recipes, tasks: await asFile("bare.json", JSON.stringify(bare)) });
      for (const { id, initial_observation } of recorded)
        expect((await from.open(id)).start.text).toBe(initial_observation);
    });

    test("what a task file holds besides tasks is told, not guessed", async () => {
      const [first, second] = recorded;
      const records = [
        first,
        { ...second, id: first?.id },
        { item_id: "webshop_1", conversations: [] },
        "odd",
        null,
      ];
      const from = await connect({ recipes, tasks: await asFile("mixed.json", JSON.stringify(records)) });
      expect(await from.subtasks()).toHaveLength(1);
      expect((await from.open(first?.id ?? "")).start.text).toBe(first?.initial_observation);
      expect(from.caveats).toEqual([expect.stringContaining("1 tasks are listed more than once")]);
      expect(from.facts).toContainEqual({ name: "tasks", value: expect.stringContaining("3 records") });
      await expect(connect({ recipes, tasks: await asFile("none.json", "[{}]") })).rejects.toMatchObject({
        code: "environment_unavailable",
        message: expect.stringContaining("none of the 1 records"),
      });
    });

    test("the original's recipes give its 544 goals: 125, 291, 117 and 11 at depth 1 to 4", async () => {
      const tree = await connect({ recipes });
      const subtasks = await tree.subtasks();
      const counts = new Map<string | null, number>();
      for (const { taskType } of subtasks) counts.set(taskType, (counts.get(taskType) ?? 0) + 1);
      expect([...counts]).toEqual([
        ["depth-1", 125],
        ["depth-2", 291],
        ["depth-3", 117],
        ["depth-4", 11],
      ]);
      expect(tree.facts).toContainEqual({ name: "number of recipes", value: "613" });
      expect(tree.caveats).toHaveLength(1);
      let solved = 0;
      for (const { subtaskKey, instruction, bestReward } of subtasks) {
        expect(bestReward).toBe(1);
        const episode = await tree.open(subtaskKey);
        const sheet = readSheet(episode.start.text);
        const plan = sheet === null ? null : planFor(sheet, new Map(), new Set());
        let reward = 0;
        for (const step of plan ?? []) if (reward === 0) ({ reward } = await episode.step(actionOf(step)));
        // White wool is not tagged as wool there, which no text says.
        expect([instruction, reward]).toEqual([instruction, instruction === "craft painting" ? 0 : 1]);
        solved += reward;
      }
      expect(solved).toBe(543);
    });
  },
);
