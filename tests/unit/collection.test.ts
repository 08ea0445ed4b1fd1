import { expect, it } from "vitest";
import fc from "fast-check";
import { newDraft, budgetOf, choicesIn, settingsOf } from "@/components/collection/collection-draft";
import {
  budgetWords,
  choiceWords,
  configWords,
  endWords,
  episodeParts,
  episodeTotal,
  episodeWords,
  remainingMs,
  stateWords,
} from "@/components/collection/collection-words";
import { CollectionConfig, overBudget, SubtaskChoice, type Spending } from "@/lib/core/collection";
import type { CollectionProgress } from "@/lib/core/rows";
import type { Split } from "@/lib/core/trajectory";

const none = { maxCalls: null, maxTokens: null };
const fresh: Spending = { callsCommitted: 0, tokensSpent: 0, largestTokens: null, running: 0 };

it("a budget of calls is never promised twice, whatever episodes turn out to need", () => {
  const maxSteps = 7;
  const budget = { ...none, maxCalls: 100 };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: maxSteps })),
      fc.integer({ min: 1, max: 20 }),
      (needs, most) => {
        let callsCommitted = 0;
        let spent = 0;
        const open: number[] = [];
        for (const need of needs) {
          const over = overBudget(budget, { ...fresh, callsCommitted, running: open.length }, maxSteps);
          if (open.length === most || over !== null) {
            const ended = open.shift();
            if (ended === undefined) break;
            callsCommitted -= maxSteps - ended;
            spent += ended;
          } else {
            open.push(need);
            callsCommitted += maxSteps;
          }
          expect(spent + open.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(100);
        }
      },
    ),
  );
});

it("a budget of tokens waits for the first episode and then counts with the largest", () => {
  const budget = { ...none, maxTokens: 1000 };
  const over = (spending: Partial<Spending>) => overBudget(budget, { ...fresh, ...spending }, 15);
  expect(over({})).toBeNull();
  expect(over({ running: 1 })).toBe("token_budget");
  expect(over({ running: 2, largestTokens: 250, tokensSpent: 250 })).toBeNull();
  expect(over({ running: 3, largestTokens: 250, tokensSpent: 250 })).toBe("token_budget");
  expect(over({ tokensSpent: 1000 })).toBe("token_budget");
  expect(overBudget(none, { ...fresh, callsCommitted: 1e9, tokensSpent: 1e12, running: 99 }, 200)).toBeNull();
});

it("without any choice, the first hundred subtasks of any kind are chosen", () => {
  expect(SubtaskChoice.parse({})).toEqual({ split: null, taskType: null, first: 0, count: 100 });
  expect(SubtaskChoice.safeParse({ keys: [] }).success).toBe(false);
  expect(SubtaskChoice.safeParse({ keys: ["a"], count: 3 }).success).toBe(false);
});

const chosen = { environmentId: 1, policyId: 2, split: null, taskType: null };

it("a draft asks for what was typed, and for nothing while a number is wrong", () => {
  const draft = newDraft(chosen);
  expect(settingsOf(draft)).toEqual({
    environmentId: 1,
    policyId: 2,
    source: "expert",
    choice: { split: null, taskType: null, first: 0, count: 100 },
    config: { attempts: 1, maxSteps: 15, seed: 0, concurrency: 4 },
    budget: none,
  });
  const names = { ...draft, by: "names" as const, names: " a \n\n b\r\n", count: "none" };
  expect(settingsOf(names)).toMatchObject({ choice: { keys: ["a", "b"] } });
  expect(settingsOf({ ...names, names: " \n" })).toBeNull();
  expect(settingsOf({ ...draft, count: "0" })).toBeNull();
  expect(settingsOf({ ...draft, maxCalls: "many" })).toBeNull();
  expect(settingsOf({ ...draft, concurrency: "1.5" })).toBeNull();
  expect(budgetOf({ maxCalls: "3000", maxTokens: " " })).toEqual({ maxCalls: 3000, maxTokens: null });
});

it("only what an environment has is offered, with how many subtasks would match", () => {
  const counts = (["train", "test"] as Split[]).flatMap((split) => [
    { taskType: "boil", split, subtasks: 3 },
    { taskType: "melt", split, subtasks: split === "train" ? 5 : 0 },
  ]);
  const there = choicesIn(counts, { split: "train", taskType: "boil" });
  expect(there).toEqual({
    splits: [
      { name: "train", count: 3 },
      { name: "test", count: 3 },
    ],
    taskTypes: [
      { name: "boil", count: 3 },
      { name: "melt", count: 5 },
    ],
    matching: 3,
  });
  const plain = choicesIn([{ taskType: null, split: null, subtasks: 120 }], { split: null, taskType: null });
  expect(plain).toEqual({ splits: [], taskTypes: [], matching: 120 });
});

const progress = (episodes: Partial<CollectionProgress["episodes"]>): CollectionProgress => ({
  episodes: { queued: 0, running: 0, completed: 0, errored: 0, cancelled: 0, skipped: 0, ...episodes },
  succeeded: 0,
  duplicates: 0,
  meanReward: null,
  calls: 2990,
  promptTokens: 900_000,
  completionTokens: 100_000,
});

it("says what is played, how far it is and why it ended", () => {
  const config = CollectionConfig.parse({
    choice: { split: "train", taskType: "boil", first: 20 },
    attempts: 3,
  });
  const budget = { maxCalls: 3000, maxTokens: 1_000_000 };
  expect(choiceWords(config.choice)).toBe("up to 100 train subtasks of boil after the first 20");
  expect(choiceWords({ keys: ["a", "a", "b"] })).toBe("2 subtasks by name");
  expect(configWords({ config })).toContain("each played 3 times, at most 15 steps, 4 at once");
  expect(budgetWords({ budget })).toBe("at most 3,000 calls and 1 M tokens");
  expect(budgetWords({ budget: none })).toBeNull();
  expect(endWords("call_budget", { config, budget }, progress({}))).toBe(
    "2,990 of 3,000 calls are spent, and one more episode may need 15.",
  );
  expect(endWords("token_budget", { config, budget }, progress({}))).toContain("1 M of 1 M tokens are spent");
  expect(stateWords({ state: "done", endReason: "call_budget" }).word).toBe("budget used up");
  expect(stateWords({ state: "done", endReason: null })).toEqual({ word: "done", tone: "good" });
  expect(episodeWords({ status: "completed", success: false })).toEqual({ word: "failed", tone: "bad" });
  expect(episodeWords({ status: "errored", success: null }).word).toBe("errored");
});

it("what is left of a collection follows from its pace, once there is one", () => {
  const startedAt = new Date(0);
  const at = new Date(10_000);
  const half = progress({ completed: 8, errored: 2, queued: 19, running: 1, skipped: 4, cancelled: 1 });
  expect(remainingMs({ startedAt }, half, at)).toBe(20_000);
  expect(remainingMs({ startedAt }, progress({ completed: 4, queued: 5 }), at)).toBeNull();
  expect(episodeTotal(half)).toBe(35);
  expect(episodeParts(half).map(({ word, count }) => [word, count])).toEqual([
    ["played", 8],
    ["errored", 2],
    ["not played", 5],
    ["playing", 1],
  ]);
});
