import type { Budget, CollectionConfig, CollectionState, EndReason, EpisodeStatus } from "./collection";
import type { CoverageState } from "./coverage";
import type { EnvironmentAbout } from "./environment-about";
import type { RolloutOutcome, RolloutStatus } from "./evidence";
import type { Review, VerdictSummary, reviewStates } from "./review";
import type { Divergence, ReplayState, RunConfig, RunState, runOrigins } from "./run";
import type { Prices } from "./ports";
import type { RunBudget, RunEndReason } from "./run-budget";
import type { VerdictRule } from "./rule";
import type { StrategyPair } from "./strategies/disagree";
import type { Source, Split, Step, Subtask, TrajectoryDraft } from "./trajectory";
import type { Verdict } from "./verdict";

/** The rows behind the domain's nouns, as every store gives them. */

export type EnvironmentSettings = {
  name: string;
  /** Key of the driver registry; null when its trajectories can be judged but not replayed. */
  driver: string | null;
  config: unknown;
  fingerprint: string | null;
  successThreshold: number;
};
export type EnvironmentRow = EnvironmentSettings & {
  environmentId: number;
  /** What it said of itself when it was last connected; null before. */
  about: EnvironmentAbout | null;
  checkedAt: Date | null;
  /** Why it could not be connected when it was last tried; null where it could. */
  checkError: CheckError | null;
};
export type CheckError = { code: string; message: string; fix: string | null };
/** One kind of task of an environment, with the trajectories there are of it. */
export type TaskTypeRow = {
  /** Null where the environment has one kind only. */
  taskType: string | null;
  subtasks: number;
  /** Mean of the best reachable rewards, 0..1; null where none is known. */
  bestReward: number | null;
  trajectories: number;
  /** Failed expert trajectories. */
  failures: number;
};
export type SubtaskRow = Subtask & { subtaskId: number; trajectories: number; solved: number };
/** `hasSecret` instead of the secret: the key itself leaves the store through `policySecret` only. */
export type PolicyRow = { policyId: number; name: string; kind: string; config: unknown; hasSecret: boolean };
export type PersonRow = { personId: number; name: string };

export type RunRow = VerdictRule & {
  runId: number;
  name: string;
  origin: (typeof runOrigins)[number];
  policyId: number | null;
  checkpoint: string;
  config: RunConfig;
  state: RunState;
  error: string | null;
  budget: RunBudget;
  /** Of its policy's tokens when it started; null where they have none. */
  prices: Prices | null;
  /** Which budget ended it; null while none did. */
  endReason: RunEndReason | null;
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
/** Rollouts that broke in the same way. */
export type RunFault = {
  code: string;
  message: string;
  rollouts: number;
  /** Some of them, to look at. */
  examples: Pick<RolloutRow, "rolloutId" | "trajectoryId" | "stateIndex" | "attempt">[];
};
/** A process that works on a run, or was heard of in the last half hour. */
export type RunWorker = {
  owner: string;
  /** Rollouts it has in hand. */
  running: number;
  /** Milliseconds until others may take them over, negative once they may; null when it has none. */
  leaseLeftMs: number | null;
  /** Rollouts it ended in the last five minutes. */
  done: number;
  errored: number;
  /** Model calls a minute, of those. */
  callsPerMinute: number;
  seenAt: Date | null;
  /** Rollouts of this run that were taken away from it because it fell silent. */
  lostLeases: number;
};
export type RunActivity = {
  /** Rollouts that ended in each of the last minutes, the newest minute last. */
  perMinute: number[];
  workers: RunWorker[];
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
  | { status: "errored"; code: string; message: string; fix?: string; detail: Divergence | null };

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
  "worth",
] as const;
export type TrajectorySort = (typeof trajectorySorts)[number];
export type TrajectoryFilter = {
  source: Source | null;
  success: boolean | null;
  environmentId: number | null;
  subtaskId: number | null;
  /** Only trajectories of subtasks that the expert failed and that are in this state now. */
  coverage: CoverageState | null;
  model: string | null;
  minReward: number | null;
  maxReward: number | null;
  /** Verdict and review columns come from this run; null means each trajectory's newest. */
  runId: number | null;
  /** Only trajectories with at least one step of this verdict. */
  verdict: Verdict | null;
  /** `open`: something is left to review, begun or not. */
  review: (typeof reviewStates)[number] | "unmined" | "open" | null;
  /** What the newest replay gave; `unchecked` where there is none in the environment as it is now. */
  replay: ReplayState | null;
  /** Only trajectories on some action of which these two strategies disagree, in that run; `any`: any two. */
  disagreement: StrategyPair | "any" | null;
  /** Part of the instruction or subtask key, case-insensitive. */
  text: string | null;
  /** Words that are all said in its steps, anywhere, whatever their case; whole words only (lib/core/words.ts). */
  said: string | null;
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
  replay: ReplayState;
  /** Null when no run has looked at it. */
  mined:
    | (VerdictSummary & {
        runId: number;
        /** Its campaign has come to another checkpoint since. */
        stale: boolean;
        /** How much a person's minute matters on it, 0..1 (lib/core/worth.ts). */
        worth: number;
      })
    | null;
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
  /** Of those, the ones in the validation split; the others are in the train split. */
  validationCount: number;
  /** Among the datasets of its name, from 1; and the one before. */
  version: number;
  previousId: number | null;
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

/** What the newest replay of a trajectory gave. An errored replay says nothing and leaves the one before. */
export type ReplayRow = {
  trajectoryId: number;
  state: ReplayState;
  divergence: Divergence | null;
  /** Why it cannot be replayed; null otherwise. */
  reason: string | null;
  checkedAt: Date | null;
};
/** How many trajectories of an environment are in which state of replay. */
export type Fidelity = Record<ReplayState, number>;

export const verificationStates = ["running", "cancelled", "done"] as const;
export const verificationOutcomes = [
  "queued",
  "verified",
  "diverged",
  "not_replayable",
  "errored",
  "cancelled",
] as const;
export type VerificationOutcome = (typeof verificationOutcomes)[number];
/** One pass of replaying chosen trajectories. */
export type VerificationRow = {
  verificationId: number;
  state: (typeof verificationStates)[number];
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
  outcomes: Record<VerificationOutcome, number>;
};
export type VerificationEntry = Pick<
  TrajectoryListRow,
  "trajectoryId" | "environment" | "subtaskKey" | "instruction" | "stepCount"
> & {
  outcome: VerificationOutcome;
  /** The state at which the newest replay differed; null where it did not. */
  divergedAt: number | null;
  errorCode: string | null;
  errorMessage: string | null;
};

export type CollectionRow = {
  collectionId: number;
  name: string;
  environmentId: number;
  environment: string;
  policyId: number;
  checkpoint: string;
  source: Source;
  config: CollectionConfig;
  budget: Budget;
  state: CollectionState;
  endReason: EndReason | null;
  /** Why it failed; null unless it did. */
  error: string | null;
  createdBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** Counts over a collection's episodes; one grouped query, never stored. */
export type CollectionProgress = {
  episodes: Record<EpisodeStatus, number>;
  succeeded: number;
  /** Completed episodes that gave a trajectory that was there before. */
  duplicates: number;
  /** Over completed episodes; null before the first. */
  meanReward: number | null;
  calls: number;
  promptTokens: number;
  completionTokens: number;
};
/** One attempt at one subtask in a collection. */
export type EpisodeRow = {
  episodeId: number;
  subtaskKey: string;
  instruction: string;
  taskType: string | null;
  attempt: number;
  status: EpisodeStatus;
  /** What it gave; null unless completed, as are the three below. */
  trajectoryId: number | null;
  duplicate: boolean;
  reward: number | null;
  success: boolean | null;
  stepCount: number | null;
  calls: number;
  errorCode: string | null;
  errorMessage: string | null;
};
/** A claimed episode: `epoch` fences every write. */
export type EpisodeClaim = { episodeId: number; epoch: number; subtask: Subtask; attempt: number };
export type EpisodeEnd =
  | { status: "completed"; draft: TrajectoryDraft; promptVersion: string }
  | { status: "errored"; code: string; message: string; fix?: string };
/** How many subtasks of an environment are of a task type and in a split. */
export type SubtaskCount = { taskType: string | null; split: Split | null; subtasks: number };
