import type { Page } from "./rows";
import type { Prices } from "./ports";
import type { Spent } from "./campaign";
import { costOf } from "./run-budget";
import { wilson } from "./statistics";

/**
 * What became of a subtask that the expert *failed*: some expert trajectory of it failed and none succeeded. `solved`: a
 * rollout of some run succeeded from a state of one of its failed trajectories; `approved`: people also approved a
 * solution of it; `remaining`: neither. Each subtask is in one of them. Rollouts that broke count for nothing.
 */
export const coverageStates = ["remaining", "solved", "approved"] as const;
export type CoverageState = (typeof coverageStates)[number];
/** How many subtasks are in each state. */
export type CoverageCounts = Record<CoverageState, number>;

export type CoverageCount = CoverageCounts & {
  environmentId: number;
  environment: string;
  /** Null where the environment has one kind of task only, or none is known. */
  taskType: string | null;
};

/** How much of what the expert failed is solved, by a success; the interval is Wilson's, 95 %. */
export type CoverageTotals = CoverageCounts & {
  /** n: subtasks that the expert failed. */
  failed: number;
  /** Approved or not. */
  everSolved: number;
  low: number;
  high: number;
};

/** Counts added up. */
export function coverageTotals(counts: CoverageCounts[]): CoverageTotals {
  const sum = (state: CoverageState) => counts.reduce((total, each) => total + each[state], 0);
  const [remaining, solved, approved] = [sum("remaining"), sum("solved"), sum("approved")];
  const everSolved = solved + approved;
  const failed = remaining + everSolved;
  const [low, high] = wilson({ attempts: failed, successes: everSolved });
  return { remaining, solved, approved, failed, everSolved, low, high };
}

/** Totals of each group, the most failed subtasks first. */
export function coverageBy<Key extends string | number>(
  counts: CoverageCount[],
  keyOf: (count: CoverageCount) => Key,
): (CoverageTotals & { key: Key })[] {
  return [...new Set(counts.map(keyOf))]
    .map((key) => ({ key, ...coverageTotals(counts.filter((count) => keyOf(count) === key)) }))
    .sort((a, b) => b.failed - a.failed || (a.key < b.key ? -1 : 1));
}

export const coverageSorts = ["failures", "newest"] as const;
export type CoverageSort = (typeof coverageSorts)[number];
/** Which of the subtasks the expert failed; null means any. A task type is one of an environment. */
export type CoverageFilter = {
  environmentId: number | null;
  taskType: string | null;
  state: CoverageState | null;
};

export type CoveredSubtask = {
  subtaskId: number;
  subtaskKey: string;
  instruction: string;
  environmentId: number;
  environment: string;
  taskType: string | null;
  state: CoverageState;
  /** Expert trajectories of it, and how many of them failed; the others' outcome is unknown. */
  experts: number;
  failed: number;
  /** The first success: its run, on which trajectory, and the earliest state a rollout of that run succeeded from. */
  solvedBy: { runId: number; run: string; trajectoryId: number; stateIndex: number | null } | null;
  /** The best reward of a completed rollout on its failed trajectories, 0..1; null before the first. */
  bestReward: number | null;
};

/** Of the decisions people took on an environment's newest verdicts, how many are vetoes. */
export type VetoCount = { environment: string; decided: number; vetoed: number };

/** What a finished run spent, and how many subtasks it was the first to solve. */
export type RunSpent = {
  runId: number;
  name: string;
  prices: Prices | null;
  calls: number;
  promptTokens: number;
  completionTokens: number;
  newlySolved: number;
};

/** What one newly solved subtask took; null where a run solved none, which decides nothing. */
export function perNewlySolved(run: RunSpent): Spent | null {
  const { newlySolved, calls, promptTokens, completionTokens, prices } = run;
  if (newlySolved === 0) return null;
  const cost = prices && costOf(prices, promptTokens, completionTokens) / newlySolved;
  return { calls: calls / newlySolved, tokens: (promptTokens + completionTokens) / newlySolved, cost };
}

/** What is known of coverage; everything is derived and counted when it changes. */
export interface CoverageStore {
  /** By environment and task type; the environments by name. */
  counts(): Promise<CoverageCount[]>;
  /** Subtasks the expert failed. */
  subtasks(
    filter: CoverageFilter,
    sort: CoverageSort,
    cursor: string | null,
    limit: number,
  ): Promise<Page<CoveredSubtask>>;
  /** By environment, the most decisions first. */
  vetoes(): Promise<VetoCount[]>;
  /** The newest finished runs that mined, newest first. */
  spent(limit: number): Promise<RunSpent[]>;
}
