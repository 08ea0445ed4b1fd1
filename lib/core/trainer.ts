import type { z } from "zod";
import type { TrainingEventDraft, TrainingKind } from "./training";
import type { TrainingSettings } from "./training-settings";

/** A file of a run folder, ready to be handed over. */
export type TrainingFile = { path: string; name: string; rows: number; bytes: number };

/** What a provider is asked to train. */
export type TrainingOrder = {
  /** Names this training everywhere, for ever: what carries it was made for this one. */
  key: string;
  dataset: { name: string; contentHash: string };
  settings: TrainingSettings;
  /** The run folder on this machine. */
  folder: string;
  train: TrainingFile;
  validation: TrainingFile | null;
};

/** What is known of a training that was handed over. */
export type OrderKey = Pick<TrainingOrder, "key" | "folder">;

export type TrainingStatus = {
  state: "running" | "succeeded" | "failed" | "cancelled";
  /** What it is doing, in the provider's word. */
  phase: string;
  /** The name of the model that came out; null where none did, or nobody said. */
  checkpoint: string | null;
  /** Why it failed. */
  error: string | null;
  /** The end of its log; null where there is none. */
  logTail: string | null;
};

export type TrainingNews = {
  /** In the order in which they happened. */
  events: TrainingEventDraft[];
  /** Where to go on reading; opaque. */
  cursor: string | null;
  /** Steps the training takes in all; null where nobody said. */
  totalSteps: number | null;
};

/** Where the checkpoint answers; null where a person has to say. */
export type Serving = { baseURL: string; /** Under the key of the provider. */ sharesKey: boolean };

/** What the files of a training are called at the provider. */
export type RemoteFiles = { train: string; validation: string | null };

/**
 * A connected fine-tune provider. Where the answer to an upload or a creation was lost, the provider is looked through for
 * what came of it (`findFile`, `findJob`), so that nothing is made twice.
 * @throws TrainerBusy where asking later may work; AppError endpoint_rejected or request_refused where it never will;
 * conflict when it cannot be known whether an earlier request was carried out
 */
export interface FineTuneProvider {
  /** How often it is asked how far a training is. */
  readonly pollMs: number;
  /** Where a checkpoint of this provider is served. */
  readonly serving: Serving | null;
  /** Whether the run folder is where it trains; otherwise it may go once all is handed over. */
  readonly keepsFolder: boolean;
  /** Refuses what it would refuse, before anything is sent. @throws AppError invalid_input */
  validate(order: TrainingOrder): void;
  /** Hands one file over. @returns its name at the provider */
  upload(file: TrainingFile, signal: AbortSignal): Promise<string>;
  /** A file that was handed over before; null where it never arrived. */
  findFile(file: TrainingFile, signal: AbortSignal): Promise<string | null>;
  /** Begins the training. @returns its name at the provider */
  create(order: TrainingOrder, files: RemoteFiles, signal: AbortSignal): Promise<string>;
  /** A training that was begun before; null where it never was. */
  findJob(order: OrderKey, files: RemoteFiles, signal: AbortSignal): Promise<string | null>;
  poll(remoteId: string, order: OrderKey, signal: AbortSignal): Promise<TrainingStatus>;
  /** What happened since the cursor; an event may be told twice. */
  events(
    remoteId: string,
    order: OrderKey,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<TrainingNews>;
  /** Asks it to stop; that it has stopped is learnt by polling. */
  cancel(remoteId: string, order: OrderKey, signal: AbortSignal): Promise<void>;
}

/** Something to know before choosing a provider: from which day on what holds. */
export type TrainerNotice = { from: string; says: string };

/** One kind of provider: a file in lib/trainers and a line in its registry. */
export interface TrainerDriver<Config = unknown> {
  readonly kind: TrainingKind;
  readonly title: string;
  readonly description: string;
  readonly notices: TrainerNotice[];
  readonly Config: z.ZodType<Config>;
  /** The export format its files are written in. */
  format(config: Config): string;
  /** Fewest examples it takes. */
  fewest(config: Config): number;
  connect(config: Config, secret: string | null): FineTuneProvider;
}
