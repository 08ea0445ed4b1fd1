import type { RolloutOutcome, RolloutStatus } from "./evidence";
import type { Review, VerdictSummary, reviewStates } from "./review";
import type { Divergence, ReplayState, RunConfig, RunState, runOrigins } from "./run";
import type { Source, Step } from "./trajectory";
import type { Verdict } from "./verdict";

/** The rows behind the domain's nouns, as every store gives them. */

export type EnvironmentRow = {
  environmentId: number;
  name: string;
  /** Key of the driver registry; null when its trajectories can be judged but not replayed. */
  driver: string | null;
  config: unknown;
  fingerprint: string | null;
  successThreshold: number;
};
/** `hasSecret` instead of the secret: the key itself leaves the store through `policySecret` only. */
export type PolicyRow = { policyId: number; name: string; kind: string; config: unknown; hasSecret: boolean };
export type PersonRow = { personId: number; name: string };

export type RunRow = {
  runId: number;
  name: string;
  origin: (typeof runOrigins)[number];
  policyId: number | null;
  checkpoint: string;
  config: RunConfig;
  alpha: number;
  ruleVersion: string;
  state: RunState;
  error: string | null;
  createdBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};
/** Counts over a run's rollouts and trajectories; one grouped query, never stored. */
export type RunProgress = {
  trajectories: { total: number; done: number; errored: number; diverged: number };
  rollouts: Record<RolloutStatus, number> & { succeeded: number };
  calls: number;
  promptTokens: number;
  completionTokens: number;
  verdicts: Record<Verdict, number>;
};
export type RunTrajectoryRow = VerdictSummary & {
  runId: number;
  trajectoryId: number;
  state: "queued" | "running" | "done" | "errored" | "cancelled";
  replay: ReplayState;
  divergence: Divergence | null;
  errorCode: string | null;
  errorMessage: string | null;
};
/** A rollout without its steps. */
export type RolloutRow = RolloutOutcome & {
  rolloutId: number;
  runId: number;
  trajectoryId: number;
  reward: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  promptVersion: string | null;
  promptTokens: number;
  completionTokens: number;
};
export type Rollout = RolloutRow & { steps: Step[]; finalObservation: string | null };

/** A claimed rollout: `epoch` fences every write; `steps` are those recorded by an earlier owner. */
export type Claim = {
  rolloutId: number;
  runId: number;
  trajectoryId: number;
  stateIndex: number;
  attempt: number;
  epoch: number;
  steps: Step[];
};
export type RolloutEnd =
  | { status: "completed"; reward: number; success: boolean; finalObservation: string | null }
  | { status: "errored"; code: string; message: string; detail: Divergence | null };

/** One imported rollout; `stateIndex` and `attempt` are its natural key within the run. */
export type EvidenceDraft = {
  trajectoryId: number;
  stateIndex: number;
  attempt: number;
  end: RolloutEnd;
  steps: Step[];
};

export const trajectorySorts = [
  "newest",
  "oldest",
  "reward",
  "length",
  "beneficial",
  "harmful",
  "undecided",
] as const;
export type TrajectorySort = (typeof trajectorySorts)[number];
export type TrajectoryFilter = {
  source: Source | null;
  success: boolean | null;
  environmentId: number | null;
  model: string | null;
  minReward: number | null;
  maxReward: number | null;
  /** Verdict and review columns come from this run; null means each trajectory's newest. */
  runId: number | null;
  /** Only trajectories with at least one step of this verdict. */
  verdict: Verdict | null;
  review: (typeof reviewStates)[number] | "unmined" | null;
  /** Part of the instruction or subtask key, case-insensitive. */
  text: string | null;
};
export type TrajectoryListRow = {
  trajectoryId: number;
  environment: string;
  subtaskKey: string;
  instruction: string;
  source: Source;
  model: string | null;
  reward: number | null;
  success: boolean | null;
  stepCount: number;
  /** Null when no run has looked at it. */
  mined: (VerdictSummary & { runId: number; replay: ReplayState }) | null;
};
/** A keyset page; `next` continues it, null at the end. */
export type Page<Row> = { rows: Row[]; next: string | null };
/** Exact up to `cap`, then `capped`. */
export type CappedCount = { count: number; capped: boolean };

export type ImportRow = {
  importId: number;
  kind: "trajectories" | "evidence";
  fileName: string;
  format: string | null;
  state: "storing" | "stored" | "failed";
  records: number;
  stored: number;
  duplicates: number;
  rejected: number;
  error: string | null;
  runId: number | null;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
};
export type Rejection = { line: number; byteOffset: number; reason: string; sample: string };

export const reviewPolicies = ["approved", "not_vetoed"] as const;
export type ReviewPolicy = (typeof reviewPolicies)[number];
export type DatasetRow = {
  datasetId: number;
  name: string;
  contentHash: string;
  reviewPolicy: ReviewPolicy;
  card: unknown;
  exampleCount: number;
  createdBy: string;
  createdAt: Date;
};

export type Overview = {
  environments: {
    environment: string;
    expertSolved: number;
    expertFailed: number;
    expertUnknown: number;
    /** Failed expert trajectories from one of whose states some rollout succeeded. */
    nowSolved: number;
  }[];
  verdicts: Record<Verdict, number>;
  review: { toReview: number; reviewed: number };
  counts: { trajectories: number; runs: number; rollouts: number; datasets: number; capped: boolean };
};

/** Evidence and reviews of one trajectory in one run: all that verdicts are derived from. */
export type MinedFacts = { rollouts: RolloutRow[]; reviews: Review[]; entry: RunTrajectoryRow };
