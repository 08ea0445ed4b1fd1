import { MOST_EPISODES, type Budget } from "@/lib/core/collection";
import { DEFAULT_MAX_STEPS } from "@/lib/core/paper";
import type { SubtaskCount } from "@/lib/core/rows";
import { splits, type Source, type Split } from "@/lib/core/trajectory";
import { limitIn } from "@/components/ui/limit-field";
import { numberIn } from "@/components/ui/number-field";

/** An environment that something can be played in. */
export type Playable = { environmentId: number; name: string; subtasks: SubtaskCount[] };

/** A collection as it is typed in; numbers are text until they are read, an empty limit is none. */
export type CollectionDraft = {
  name: string;
  environmentId: number;
  policyId: number;
  source: Source;
  by: "range" | "names";
  split: Split | null;
  taskType: string | null;
  first: string;
  count: string;
  names: string;
  attempts: string;
  maxSteps: string;
  seed: string;
  concurrency: string;
  maxCalls: string;
  maxTokens: string;
};

export const ranges = {
  first: { min: 0, max: 10_000_000, step: 1 },
  count: { min: 1, max: MOST_EPISODES, step: 1 },
  attempts: { min: 1, max: 64, step: 1 },
  maxSteps: { min: 1, max: 200, step: 1 },
  seed: { min: 0, max: 2 ** 31 - 1, step: 1 },
  concurrency: { min: 1, max: 256, step: 1 },
  maxCalls: { min: 1, max: 2_000_000_000, step: 1 },
  maxTokens: { min: 1, max: 1_000_000_000_000, step: 1 },
} as const;

export function newDraft(
  chosen: Pick<CollectionDraft, "environmentId" | "policyId" | "split" | "taskType">,
): CollectionDraft {
  return {
    ...chosen,
    name: "",
    source: "expert",
    by: "range",
    first: "0",
    count: "100",
    names: "",
    attempts: "1",
    maxSteps: String(DEFAULT_MAX_STEPS),
    seed: "0",
    concurrency: "4",
    maxCalls: "",
    maxTokens: "",
  };
}

/** A budget as it is typed in, or null while a number is wrong. */
export function budgetOf(draft: Pick<CollectionDraft, "maxCalls" | "maxTokens">): Budget | null {
  const maxCalls = limitIn(draft.maxCalls, ranges.maxCalls);
  const maxTokens = limitIn(draft.maxTokens, ranges.maxTokens);
  return maxCalls === undefined || maxTokens === undefined ? null : { maxCalls, maxTokens };
}

function choiceOf({ by, names, split, taskType, first, count }: CollectionDraft) {
  if (by === "names") {
    const keys = names.split("\n").flatMap((line) => line.trim() || []);
    return keys.length === 0 ? null : { keys };
  }
  const from = numberIn(first, ranges.first);
  const many = numberIn(count, ranges.count);
  return from === null || many === null ? null : { split, taskType, first: from, count: many };
}

/** What a draft asks for, or null while a number is wrong or nothing is chosen. */
export function settingsOf(draft: CollectionDraft) {
  const { environmentId, policyId, source } = draft;
  const choice = choiceOf(draft);
  const budget = budgetOf(draft);
  const attempts = numberIn(draft.attempts, ranges.attempts);
  const maxSteps = numberIn(draft.maxSteps, ranges.maxSteps);
  const seed = numberIn(draft.seed, ranges.seed);
  const concurrency = numberIn(draft.concurrency, ranges.concurrency);
  if (attempts === null || maxSteps === null || seed === null || concurrency === null) return null;
  if (choice === null || budget === null) return null;
  const config = { attempts, maxSteps, seed, concurrency };
  return { environmentId, policyId, source, choice, config, budget };
}

/** What of an environment there is to choose from: splits and types that occur, and how many subtasks match. */
export function choicesIn(
  subtasks: SubtaskCount[],
  { split, taskType }: Pick<CollectionDraft, "split" | "taskType">,
) {
  const ofSplit = subtasks.filter((each) => split === null || each.split === split);
  const ofType = subtasks.filter((each) => taskType === null || each.taskType === taskType);
  const sum = (counts: SubtaskCount[]) => counts.reduce((total, each) => total + each.subtasks, 0);
  const types = [...new Set(subtasks.flatMap((each) => each.taskType ?? []))];
  return {
    splits: splits.flatMap((name) => {
      const count = sum(ofType.filter((each) => each.split === name));
      return subtasks.some((each) => each.split === name) ? [{ name, count }] : [];
    }),
    taskTypes: types.map((name) => ({ name, count: sum(ofSplit.filter((each) => each.taskType === name)) })),
    matching: sum(ofSplit.filter((each) => ofType.includes(each))),
  };
}
