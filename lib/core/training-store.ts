import type { IterationKey } from "./campaign-store";
import type { Page } from "./rows";
import type { TrainingNews } from "./trainer";
import type { LossPoint, TrainingAttempt, TrainingEventDraft, TrainingKind, TrainingState } from "./training";
import type { TrainingSettings } from "./training-settings";

export type TrainingProviderRow = {
  providerId: number;
  name: string;
  kind: TrainingKind;
  config: unknown;
  hasSecret: boolean;
};

export type TrainingRow = {
  trainingId: number;
  key: string;
  datasetId: number;
  dataset: string;
  contentHash: string;
  providerId: number;
  provider: string;
  kind: TrainingKind;
  settings: TrainingSettings;
  state: TrainingState;
  /** What it is doing, in the provider's word. */
  phase: string | null;
  cancelAsked: boolean;
  trainFile: string | null;
  validationFile: string | null;
  /** Its name at the provider; from then on it runs. */
  remoteId: string | null;
  /** The last step that was reported, and how many there are. */
  step: number | null;
  totalSteps: number | null;
  checkpoint: string | null;
  /** The policy that the checkpoint was registered as. */
  policyId: number | null;
  policy: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  logTail: string | null;
  createdBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

export type TrainingEvent = Omit<TrainingEventDraft, "key"> & { eventId: number };

/** A training that this worker may move on, and what it was about to do when it was last heard of. */
export type TrainingClaim = TrainingRow & {
  epoch: number;
  attempting: TrainingAttempt | null;
  eventCursor: string | null;
  /** Failures in a row before this. */
  failures: number;
};

/** What a look at a training came to; what is absent stays. */
export type TrainingChange = {
  phase?: string;
  logTail?: string | null;
  trainFile?: string;
  validationFile?: string;
  remoteId?: string;
  attempting?: TrainingAttempt | null;
};

/** How a training ended. `policy`: what its checkpoint is registered as, the key included; null where it cannot be yet. */
export type TrainingEnd =
  | { state: "succeeded"; phase: string; checkpoint: string | null; policy: PolicyDraft | null }
  | { state: "failed"; code: string; message: string }
  | { state: "cancelled" };

export type PolicyDraft = { name: string; kind: string; config: unknown; secret: string | null };

/** Providers of fine-tuning, and trainings; every write of a worker carries the epoch it claimed. */
export interface TrainingStore {
  providers(): Promise<TrainingProviderRow[]>;
  provider(providerId: number): Promise<TrainingProviderRow>;
  /**
   * Creates or changes by name; an absent secret keeps the stored one, null removes it.
   * @throws AppError conflict when settings change under an open training
   */
  putProvider(provider: {
    name: string;
    kind: TrainingKind;
    config: unknown;
    secret?: string | null;
  }): Promise<TrainingProviderRow>;
  providerSecret(providerId: number): Promise<string | null>;
  create(training: {
    datasetId: number;
    providerId: number;
    settings: TrainingSettings;
    personId: number;
  }): Promise<TrainingRow>;
  get(trainingId: number): Promise<TrainingRow>;
  list(cursor: string | null, limit: number): Promise<Page<TrainingRow>>;
  /** Newest first. */
  events(trainingId: number, cursor: string | null, limit: number): Promise<Page<TrainingEvent>>;
  /** At most so many points, evenly spread, ascending by step. */
  losses(trainingId: number, most: number): Promise<LossPoint[]>;
  /** The iteration whose dataset this is; null for a dataset outside campaigns. */
  iterationOf(datasetId: number): Promise<(IterationKey & { campaign: string }) | null>;
  /** The newest policy that was trained on a dataset; null where none was. */
  policyTrainedOn(datasetId: number): Promise<{ policyId: number; trainingId: number } | null>;
  /** A queued one ends at once; of one that a worker follows, the wish is noted. False: it was over. */
  cancel(trainingId: number): Promise<boolean>;
  /** Registers the checkpoint of one that succeeded without a policy. @throws AppError conflict when it has one */
  register(trainingId: number, checkpoint: string, policy: PolicyDraft): Promise<TrainingRow>;
  /** Takes an open training that nobody follows; null when there is none of that id, or it was given up as poison. */
  claim(trainingId: number, owner: string, leaseMs: number): Promise<TrainingClaim | null>;
  /** False: no longer ours. */
  renew(trainingId: number, epoch: number, leaseMs: number): Promise<boolean>;
  /** False: no longer ours. */
  change(trainingId: number, epoch: number, change: TrainingChange): Promise<boolean>;
  /** Appends what is new among these, and keeps where to go on. False: no longer ours. */
  report(trainingId: number, epoch: number, news: TrainingNews): Promise<boolean>;
  /** Gives it back until it is looked at again: at once where somebody wants it to end and `cancelSeen` is false. */
  release(
    trainingId: number,
    epoch: number,
    next: { inMs: number; failures: number; cancelSeen: boolean },
  ): Promise<void>;
  end(trainingId: number, epoch: number, end: TrainingEnd): Promise<boolean>;
  /** Open trainings whose time to be looked at has come and that nobody follows. */
  waiting(limit: number): Promise<number[]>;
}
