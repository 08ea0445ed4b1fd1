import type { ApiTokenStore } from "./api-token";
import type { CampaignStore, IterationKey } from "./campaign-store";
import type { Budget, SubtaskChoice } from "./collection";
import type { CoverageStore } from "./coverage";
import type { DatasetExportStore } from "./dataset-export";
import type { DatasetStore } from "./dataset-store";
import type { EndpointChange, EndpointGrant, EndpointReport, EndpointRow } from "./endpoint";
import type { ReviewOutcome } from "./judge";
import type { Prices, Usage } from "./ports";
import type { QueueStore } from "./queue-store";
import type { ImportSteps } from "./import-store";
import type { Decision, Review, ReviewTarget } from "./review";
import type { ReviewHistory } from "./review-history";
import type { VerdictRule } from "./rule";
import type { RunConfig, RunState } from "./run";
import type { RunBudget, RunLedger } from "./run-budget";
import type { Ending } from "./streak";
import type { EnvironmentAbout } from "./environment-about";
import type { ReplayCheck } from "./replay";
import type { CritiqueStore, DisagreementStore } from "./strategies/store";
import type { RunEvidence, SolvedState, TextLength } from "./run-preview";
import type {
  CollectionProgress,
  CollectionRow,
  EpisodeClaim,
  EpisodeEnd,
  EpisodeRow,
  SubtaskCount,
  EnvironmentRow,
  EnvironmentSettings,
  CheckError,
  TaskTypeRow,
  SubtaskRow,
  ReplayRow,
  Fidelity,
  VerificationRow,
  VerificationEntry,
  VerificationOutcome,
  PolicyRow,
  PersonRow,
  RunRow,
  RunProgress,
  RunFault,
  RunActivity,
  RunTrajectoryRow,
  RolloutRow,
  Rollout,
  Claim,
  RolloutEnd,
  EvidenceDraft,
  TrajectoryListRow,
  Page,
  ImportRow,
  Rejection,
  Overview,
  MinedFacts,
} from "./rows";
import type { SavedViewStore } from "./saved-view";
import type { TrainingStore } from "./training-store";
import type { TrajectoryStore } from "./trajectory-store";
import type { Split, Step, Subtask } from "./trajectory";
import type { Judgement } from "./verdict";

/** The one port through which everything is kept. Every method throws AppError not_found for an id that does not exist. */
export interface Store {
  people: { ensure(name: string): Promise<PersonRow> };
  environments: {
    list(): Promise<(EnvironmentRow & { trajectories: number })[]>;
    get(environmentId: number): Promise<EnvironmentRow>;
    /** Creates or changes by name; a name seen in an import is created with driver null. */
    put(settings: EnvironmentSettings, about: EnvironmentAbout | null): Promise<EnvironmentRow>;
    /** Notes that it could not be connected; what it said of itself before stays. */
    noteCheckError(environmentId: number, error: CheckError): Promise<void>;
    putSubtasks(environmentId: number, subtasks: Subtask[]): Promise<void>;
    taskTypes(environmentId: number): Promise<TaskTypeRow[]>;
    /** In the environment's own order; those that only an import named come last. */
    subtasks(
      environmentId: number,
      filter: { taskType: string | null; split: Split | null },
      cursor: string | null,
      limit: number,
    ): Promise<Page<SubtaskRow>>;
  };
  replays: {
    /** Keeps what a replay gave, for the environment of that fingerprint; it replaces the one before. */
    put(trajectoryId: number, check: ReplayCheck, fingerprint: string): Promise<void>;
    /** As things stand: `unchecked` without a replay in the environment as it is, `not_replayable` without a driver. */
    get(trajectoryId: number): Promise<ReplayRow>;
    fidelity(environmentId: number): Promise<Fidelity>;
  };
  verifications: {
    create(personId: number, trajectoryIds: number[]): Promise<VerificationRow>;
    get(verificationId: number): Promise<VerificationRow>;
    list(cursor: string | null, limit: number): Promise<Page<VerificationRow>>;
    /** What broke first, then what differed, then the rest. */
    entries(verificationId: number, cursor: string | null, limit: number): Promise<Page<VerificationEntry>>;
    chunks(verificationId: number): Promise<number[]>;
    /** The next trajectory of a chunk that still waits; null when none does. */
    next(verificationId: number, chunk: number): Promise<number | null>;
    /** Ends an entry, and with the last one the verification. Ending one twice changes nothing. */
    end(
      verificationId: number,
      trajectoryId: number,
      end: { outcome: VerificationOutcome; error: { code: string; message: string } | null },
    ): Promise<void>;
    cancel(verificationId: number): Promise<void>;
    /** Puts errored and cancelled entries back in the queue; answers their chunks. */
    requeue(verificationId: number): Promise<number[]>;
    /** Chunks of running verifications that still wait. */
    waiting(limit: number): Promise<{ verificationId: number; chunk: number }[]>;
  };
  policies: {
    list(): Promise<PolicyRow[]>;
    get(policyId: number): Promise<PolicyRow>;
    put(policy: { name: string; kind: string; config: unknown; secret?: string | null }): Promise<PolicyRow>;
    secret(policyId: number): Promise<string | null>;
  };
  trajectories: TrajectoryStore;
  savedViews: SavedViewStore;
  apiTokens: ApiTokenStore;
  runs: {
    create(
      run: VerdictRule & {
        name: string;
        origin: RunRow["origin"];
        policyId: number | null;
        checkpoint: string;
        config: RunConfig;
        personId: number;
        /** Absent: no limit. */
        budget?: RunBudget;
        prices?: Prices | null;
        /** The iteration that mines with it. @throws AppError conflict when that has its run */
        iteration?: IterationKey;
      },
    ): Promise<RunRow>;
    /** What it may spend, what it has spent, and which budget ended it. */
    ledger(runId: number): Promise<RunLedger>;
    /** Sets what it may spend from now on; what was spent stays spent. */
    setBudget(runId: number, budget: RunBudget): Promise<void>;
    get(runId: number): Promise<RunRow>;
    list(cursor: string | null, limit: number): Promise<Page<RunRow & { progress: RunProgress }>>;
    /** The newest runs by name only: what a filter offers, without counting anything. */
    names(limit: number): Promise<Pick<RunRow, "runId" | "name" | "checkpoint">[]>;
    progress(runId: number): Promise<RunProgress>;
    /** Moves a run's state; answers false when it was not in one of `from`. */
    move(runId: number, from: RunState[], to: RunState, error?: string | null): Promise<boolean>;
    setRule(runId: number, rule: VerdictRule): Promise<void>;
    /** Adds trajectories with their planned rollouts; what is already there is left alone. */
    plan(
      runId: number,
      trajectories: { trajectoryId: number; probes: { stateIndex: number; attempt: number }[] }[],
    ): Promise<void>;
    trajectories(
      runId: number,
      cursor: string | null,
      limit: number,
    ): Promise<
      Page<
        RunTrajectoryRow &
          Pick<TrajectoryListRow, "instruction" | "subtaskKey" | "environment" | "stepCount" | "reward">
      >
    >;
    trajectoryIds(runId: number, states?: RunTrajectoryRow["state"][]): Promise<number[]>;
    /** Runs with evidence on a trajectory, newest first. */
    of(trajectoryId: number): Promise<RunRow[]>;
    /** The same for many trajectories, by id only. */
    idsOf(trajectoryIds: number[]): Promise<{ trajectoryId: number; runId: number }[]>;
    /** What broke, the most frequent first, each with some of its rollouts. */
    errors(runId: number): Promise<RunFault[]>;
    /** How its last rollouts ended, newest first. */
    lastEnds(runId: number, limit: number): Promise<Ending[]>;
    /** Who works on it and how fast, by the database's clock. */
    activity(runId: number): Promise<RunActivity>;
    /** All that verdicts are derived from, of every finished trajectory of a run, without reading a rollout row. */
    evidence(runId: number): Promise<RunEvidence[]>;
    /** Characters of thought and action that a loss would cover. */
    textLengths(runId: number, wanted: SolvedState[]): Promise<TextLength[]>;
    /** Marks a trajectory of a run; `state` done or errored also makes the run its newest. */
    mark(
      runId: number,
      trajectoryId: number,
      change: Partial<Omit<RunTrajectoryRow, "runId" | "trajectoryId"> & ReviewOutcome>,
    ): Promise<void>;
    /**
     * Rollouts of a run in these statuses become queued again (steps of an errored one are dropped, of a cancelled one
     * kept), a finished run becomes queued; answers the trajectories concerned.
     */
    requeue(runId: number, statuses: ("errored" | "cancelled")[]): Promise<number[]>;
  };
  rollouts: {
    /** Takes the next queued rollout of this trajectory, by state then attempt; null when none or the run is stopping. */
    claim(runId: number, trajectoryId: number, owner: string, leaseMs: number): Promise<Claim | null>;
    /** Intent before a model call: counted as spent even if nothing comes back. False: no longer ours. */
    startCall(rolloutId: number, epoch: number): Promise<boolean>;
    /**
     * False: no longer ours, or the step was already recorded by another epoch; drop the rollout. `callNext` counts the
     * next call in the same transaction, as `startCall` would.
     */
    recordStep(
      rolloutId: number,
      epoch: number,
      stepIndex: number,
      step: Step,
      usage: { promptTokens: number; completionTokens: number } | null,
      callNext?: boolean,
    ): Promise<boolean>;
    /** What calls took that led to no step. False: no longer ours. */
    recordUsage(rolloutId: number, epoch: number, usage: Usage): Promise<boolean>;
    end(rolloutId: number, epoch: number, end: RolloutEnd, promptVersion: string): Promise<boolean>;
    /** Gives a rollout back unfinished (shutdown, cancel): queued again, steps kept. */
    release(rolloutId: number, epoch: number): Promise<void>;
    /** Renews leases of an owner; answers the run ids among them that are paused or being cancelled. */
    renew(owner: string, leaseMs: number, rolloutIds: number[]): Promise<{ stoppingRuns: number[] }>;
    /** Rollouts whose lease ran out become queued again, or errored `poison` after `maxClaims`; answers what needs a job. */
    reap(maxClaims: number): Promise<{ runId: number; trajectoryId: number }[]>;
    /** Every (run, trajectory) with queued rollouts in a live run, or in one whose cancelling was left half done. */
    waiting(limit: number): Promise<{ runId: number; trajectoryId: number }[]>;
    cancelQueued(runId: number): Promise<void>;
    list(runId: number, trajectoryId: number): Promise<RolloutRow[]>;
    get(rolloutId: number): Promise<Rollout>;
    /** The steps of the given rollouts, in one query. */
    getMany(rolloutIds: number[]): Promise<Rollout[]>;
    /** Stores imported rollouts; a natural key already present is a duplicate. */
    addEvidence(runId: number, drafts: EvidenceDraft[]): Promise<{ stored: number; duplicates: number }>;
  };
  reviews: ReviewHistory & {
    /**
     * Appends a decision and counts the trajectory again, both or neither. The same `clientId` again answers the stored one.
     * @throws AppError conflict when `expectedVersion` is not the target's newest version, or `clientId` was another decision's
     */
    append(review: {
      runId: number;
      trajectoryId: number;
      target: ReviewTarget;
      targetIndex: number;
      decision: Decision;
      reason: string | null;
      note: string | null;
      /** What the miner says of the target; or how to tell from its judgement, which may refuse the decision. */
      verdictSeen: string | null | ((judgement: Judgement) => string);
      expectedVersion: number;
      clientId: string;
      personId: number;
    }): Promise<Review>;
    list(runId: number, trajectoryId: number): Promise<Review[]>;
    /** Counts again what lists show of trajectories in a run, under its rule as it is now. */
    recount(runId: number, trajectoryIds: number[]): Promise<void>;
  };
  /** Rollouts, reviews and entry of many trajectories of a run, in batches of one query each. */
  facts(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>>;
  datasets: DatasetStore;
  exports: DatasetExportStore;
  imports: ImportSteps & {
    create(row: {
      kind: ImportRow["kind"];
      fileName: string;
      format: string | null;
      personId: number;
      defaults: unknown;
    }): Promise<ImportRow>;
    update(importId: number, change: Partial<Omit<ImportRow, "importId">>): Promise<void>;
    reject(importId: number, rejections: Rejection[]): Promise<void>;
    get(importId: number): Promise<ImportRow>;
    list(cursor: string | null, limit: number): Promise<Page<ImportRow>>;
    rejections(importId: number, cursor: string | null, limit: number): Promise<Page<Rejection>>;
  };
  collections: {
    /**
     * Queues an episode for every chosen subtask and attempt: every subtask once, then every subtask again.
     * @throws AppError not_found for a name that is no subtask, invalid_input when nothing or too much is chosen
     */
    create(
      collection: Pick<
        CollectionRow,
        "name" | "environmentId" | "policyId" | "checkpoint" | "source" | "config" | "budget"
      > & {
        personId: number;
        /** The iteration that plays it. @throws AppError conflict when that has its collection */
        iteration?: IterationKey;
      },
    ): Promise<CollectionRow>;
    /** How many of an environment's subtasks are chosen. @throws AppError not_found for a name that is none */
    chosen(environmentId: number, choice: SubtaskChoice): Promise<number>;
    /** What there is to choose from: the subtasks the environment lists. */
    subtaskCounts(environmentId: number): Promise<SubtaskCount[]>;
    get(collectionId: number): Promise<CollectionRow>;
    list(
      cursor: string | null,
      limit: number,
    ): Promise<Page<CollectionRow & { progress: CollectionProgress }>>;
    progress(collectionId: number): Promise<CollectionProgress>;
    errors(
      collectionId: number,
    ): Promise<{ code: string; message: string; episodes: number; subtaskKey: string }[]>;
    /** How its last episodes ended, newest first. */
    lastEnds(collectionId: number, limit: number): Promise<Ending[]>;
    /** Stops it with the reason; what is queued stays queued until it is resumed. False: it was over. */
    fail(collectionId: number, error: string): Promise<boolean>;
    /** In the order they are played. */
    episodes(collectionId: number, cursor: string | null, limit: number): Promise<Page<EpisodeRow>>;
    /** No episode is claimed any more; running ones are given up by their workers. False: it was over. */
    cancel(collectionId: number): Promise<boolean>;
    /**
     * Episodes in these statuses become queued again, under a new budget where one is given; what was spent stays spent.
     * @returns how many
     */
    requeue(
      collectionId: number,
      statuses: ("errored" | "cancelled" | "skipped")[],
      budget?: Budget,
    ): Promise<number>;
    /** Takes the next queued episode; null when none, too many run at once, or the budget does not allow one more. */
    claim(collectionId: number, owner: string, leaseMs: number): Promise<EpisodeClaim | null>;
    /** Intent before a model call, counted as spent even if nothing comes back. `spent`: the token budget is used up. */
    startCall(episodeId: number, epoch: number): Promise<"counted" | "spent" | "lost">;
    /** What a call cost. False: no longer ours. */
    recordUsage(episodeId: number, epoch: number, usage: Usage): Promise<boolean>;
    /** Ends an episode; a completed one stores its trajectory in the same transaction. False: no longer ours. */
    end(episodeId: number, epoch: number, end: EpisodeEnd): Promise<boolean>;
    /** Gives an episode back unfinished (shutdown, cancel, budget): it is played again from its start. */
    release(episodeId: number, epoch: number): Promise<void>;
    /** Renews leases of an owner; answers the collections among them that are being cancelled. */
    renew(owner: string, leaseMs: number, episodeIds: number[]): Promise<{ stopping: number[] }>;
    /** Episodes whose lease ran out become queued again, or errored `poison` after `maxClaims`; answers how many. */
    reap(maxClaims: number): Promise<number>;
    /** Collections with queued episodes, and how many more of them may run at once. */
    waiting(limit: number): Promise<{ collectionId: number; free: number }[]>;
  };
  campaigns: CampaignStore;
  endpoints: {
    /**
     * Reports what a worker's calls to an endpoint came to, says how many it could use at once, and answers how many it
     * may have in flight until the lease runs out. All workers share one limit.
     */
    sync(report: EndpointReport): Promise<EndpointGrant>;
    /** Every endpoint that was called, with its limit, whether it is down, and why. */
    list(): Promise<EndpointRow[]>;
    /** What became of its limit, newest first. */
    changes(endpointId: number, limit: number): Promise<EndpointChange[]>;
  };
  queues: QueueStore;
  critiques: CritiqueStore;
  disagreements: DisagreementStore;
  trainings: TrainingStore;
  coverage: CoverageStore;
  overview(): Promise<Overview>;
  close(): Promise<void>;
}
