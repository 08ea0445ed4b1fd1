import { z } from "zod";
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

/** How a dataset is trained on; what is null is left to the provider. */
export const TrainingSettings = z.strictObject({
  /** The model to begin with, as the provider names it. */
  model: z.string().trim().min(1).max(200),
  /** Put into the new model's name. */
  suffix: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, "must be up to 40 letters, digits, - or _")
    .nullable()
    .default(null),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullable()
    .default(null),
  epochs: z.number().int().min(1).max(100).nullable().default(null),
  batchSize: z.number().int().min(1).max(4096).nullable().default(null),
  /** Of the provider's own rate where it takes a multiplier, else the rate itself. */
  learningRate: z.number().positive().max(1000).nullable().default(null),
  /** Further hyperparameters, sent as they are. */
  extra: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
      z.union([z.string().max(200), z.number(), z.boolean()]),
    )
    .refine((extra) => Object.keys(extra).length <= 20, "must be 20 at most")
    .default({}),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

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
