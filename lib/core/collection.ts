import { z } from "zod";
import { Seed } from "./plan";
import { DEFAULT_MAX_STEPS } from "./paper";
import { splits } from "./trajectory";

/**
 * A *collection* is one pass of a policy over chosen subtasks of an environment; an *episode* is one attempt at one of
 * them. What completes is an ordinary trajectory; what breaks is none.
 */

export const collectionStates = ["queued", "running", "cancelling", "cancelled", "done", "failed"] as const;
export type CollectionState = (typeof collectionStates)[number];

/** `skipped`: never played, because the budget was used up. */
export const episodeStatuses = ["queued", "running", "completed", "errored", "cancelled", "skipped"] as const;
export type EpisodeStatus = (typeof episodeStatuses)[number];

/** Which budget ended a collection before its last episode. */
export const endReasons = ["call_budget", "token_budget"] as const;
export type EndReason = (typeof endReasons)[number];

/** The most episodes of one collection. */
export const MOST_EPISODES = 100_000;

/** Subtasks by name, or `count` from `first` on of those of a split and task type, in the environment's own order. */
export const SubtaskChoice = z.union([
  z.strictObject({ keys: z.array(z.string().min(1).max(2000)).min(1).max(10_000) }),
  z.strictObject({
    /** Null: of any split. */
    split: z.enum(splits).nullable().default(null),
    /** Null: of any type. */
    taskType: z.string().min(1).max(200).nullable().default(null),
    first: z.number().int().min(0).max(10_000_000).default(0),
    count: z.number().int().min(1).max(MOST_EPISODES).default(100),
  }),
]);
export type SubtaskChoice = z.infer<typeof SubtaskChoice>;

/** Everything that decides what a collection plays; fixed when it starts. */
export const CollectionConfig = z.object({
  choice: SubtaskChoice,
  /** Episodes per subtask; they differ by seed. */
  attempts: z.number().int().min(1).max(64).default(1),
  /** Longest episode, in steps; out of steps is an episode without success. */
  maxSteps: z.number().int().min(1).max(200).default(DEFAULT_MAX_STEPS),
  /** All randomness of the collection is drawn from this. */
  seed: Seed,
  /** Episodes at once, over all workers. */
  concurrency: z.number().int().min(1).max(256).default(4),
});
export type CollectionConfig = z.infer<typeof CollectionConfig>;

/** What a whole collection may spend; null is no limit. A call is one decision asked of the policy. */
export const Budget = z.strictObject({
  maxCalls: z.number().int().min(1).max(2_000_000_000).nullable().default(null),
  /** Tokens in and out, as the endpoint reports them. */
  maxTokens: z.number().int().min(1).max(1_000_000_000_000).nullable().default(null),
});
export type Budget = z.infer<typeof Budget>;

/** How a collection stands to its budget. */
export type Spending = {
  /** Calls made, and those that running episodes may still make. */
  callsCommitted: number;
  tokensSpent: number;
  /** Tokens of the largest episode so far; null before the first has ended. */
  largestTokens: number | null;
  /** Episodes running now. */
  running: number;
};

/**
 * Which budget one more episode might go over; null when it may be begun. An episode may need `maxSteps` calls, which is
 * exact, and as many tokens as the largest one so far, which is an estimate: before there is one, only one episode runs.
 * An answer is final only when nothing runs, because running episodes give back what they did not need.
 */
export function overBudget(budget: Budget, spending: Spending, maxSteps: number): EndReason | null {
  const { maxCalls, maxTokens } = budget;
  const { callsCommitted, tokensSpent, largestTokens, running } = spending;
  if (maxCalls !== null && callsCommitted + maxSteps > maxCalls) return "call_budget";
  if (maxTokens === null) return null;
  if (tokensSpent >= maxTokens) return "token_budget";
  if (largestTokens === null) return running > 0 ? "token_budget" : null;
  return tokensSpent + (running + 1) * largestTokens > maxTokens ? "token_budget" : null;
}
