import { AppError, type ErrorDetail } from "./errors";
import type { Exporter } from "./ports";

/**
 * A *training* hands a frozen dataset to a *provider* (a fine-tune service, or a trainer on this machine), follows it, and
 * registers the checkpoint that comes out as a policy. Source: formats.md, section 3.
 */

export const trainingStates = ["queued", "uploading", "running", "succeeded", "failed", "cancelled"] as const;
export type TrainingState = (typeof trainingStates)[number];

/** Whether anything may still happen in it. */
export const isOpen = (state: TrainingState): boolean =>
  state === "queued" || state === "uploading" || state === "running";

export const trainingKinds = ["openai", "together", "fireworks", "command"] as const;
export type TrainingKind = (typeof trainingKinds)[number];

/** Whether a trainer can be given a run folder in this format: one data file per split whose mask is in it. */
export const isTrainable = ({
  encoding,
  needs,
  shape,
}: Pick<Exporter, "encoding" | "needs" | "shape">): boolean =>
  (encoding.kind === "jsonl" || encoding.kind === "parquet") &&
  needs === "example" &&
  (shape === "masked" || shape === "exploded");

export const trainingLevels = ["info", "warn", "error"] as const;

/** What is asked of a provider and must not be asked twice; noted before it is asked. */
export const trainingAttempts = ["train-file", "validation-file", "job"] as const;
export type TrainingAttempt = (typeof trainingAttempts)[number];

/** Characters of a message and of the end of a log that are kept: both are written by others. */
export const MESSAGE_CHARACTERS = 2000;
export const LOG_TAIL_CHARACTERS = 16_000;
/** Events of one training that are kept. */
export const MOST_EVENTS = 20_000;

/** Something that happened in a training. `loss` and `validLoss` are there where it reports them, for `step`. */
export type TrainingEventDraft = {
  /** Names it at the provider: told again, it is the same event. */
  key: string;
  at: Date;
  level: (typeof trainingLevels)[number];
  message: string;
  step: number | null;
  loss: number | null;
  validLoss: number | null;
};

/** A point of the loss chart. */
export type LossPoint = { step: number; loss: number | null; validLoss: number | null };

/**
 * A provider that did not do what it was asked, which may work later.
 * `retryAfterMs`: how long it wants to be left alone; null where it did not say.
 */
export class TrainerBusy extends AppError {
  constructor(
    code: "endpoint_unavailable" | "rate_limited",
    message: string,
    readonly retryAfterMs: number | null,
    detail: Omit<ErrorDetail, "retryable"> = {},
  ) {
    super(code, message, { ...detail, retryable: true });
  }
}

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 300_000;

/** When a provider is asked again after so many failures in a row, in milliseconds; never before it said. */
export function waitAfter(failures: number, asked: number | null, pollMs: number): number {
  const first = Math.min(FIRST_WAIT_MS, pollMs);
  const backoff = Math.min(first * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT_MS);
  return Math.max(backoff, Math.min(asked ?? 0, 10 * LONGEST_WAIT_MS));
}
