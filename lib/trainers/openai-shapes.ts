import { z } from "zod";
import type { TrainingStatus } from "@/lib/core/trainer";
import type { TrainingEventDraft } from "@/lib/core/training";

/** What the routes of OpenAI's fine-tuning API answer, as far as it is read; servers differ in the rest. Source: formats.md, 3. */

const Id = z.string().min(1).max(200);
const Time = z
  .number()
  .catch(0)
  .transform((seconds) => new Date(Math.min(Math.max(seconds, 0), 1e11) * 1000));
const Finite = z.number().nullish().catch(null);
const Step = z.number().int().min(0).max(2_000_000_000).nullish().catch(null);

export const RemoteFile = z.object({
  id: Id,
  filename: z.string().nullish(),
  bytes: z.number().nullish(),
});

export const RemoteJob = z.object({
  id: Id,
  status: z.string(),
  training_file: z.string().nullish(),
  fine_tuned_model: z.string().max(400).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
  error: z
    .object({ code: z.string().nullish(), message: z.string().nullish(), param: z.string().nullish() })
    .nullish()
    .catch(null),
});
export type RemoteJob = z.infer<typeof RemoteJob>;

export const RemoteEvent = z.object({
  id: Id,
  created_at: Time,
  level: z.string().catch("info"),
  message: z.string().catch(""),
  data: z
    .object({
      step: Step,
      total_steps: Step,
      train_loss: Finite,
      valid_loss: Finite,
      full_valid_loss: Finite,
    })
    .nullish()
    .catch(null),
});
export type RemoteEvent = z.infer<typeof RemoteEvent>;

export const RemoteCheckpoint = z.object({
  id: Id,
  created_at: Time,
  fine_tuned_model_checkpoint: z.string().catch(""),
  step_number: Step,
  metrics: z
    .object({ train_loss: Finite, valid_loss: Finite, full_valid_loss: Finite })
    .nullish()
    .catch(null),
});

/** A page of a list, as each of these routes answers. */
export const pageOf = <T>(Row: z.ZodType<T>) =>
  z.object({ data: z.array(Row), has_more: z.boolean().catch(false) });

const ends = { succeeded: "succeeded", failed: "failed", cancelled: "cancelled" } as const;
const isEnd = (status: string): status is keyof typeof ends => Object.hasOwn(ends, status);

/** How far a job is; a status nobody has heard of is one that is not over. */
export function statusOf(job: RemoteJob): TrainingStatus {
  const { status, error } = job;
  const state = isEnd(status) ? ends[status] : "running";
  const said = [error?.message, error?.param].filter((part) => part).join(" – ");
  return {
    state,
    phase: status.replaceAll("_", " ").slice(0, 100),
    checkpoint: job.fine_tuned_model ?? null,
    error: state === "failed" ? said || error?.code || "the provider gave no reason" : null,
    logTail: null,
  };
}

/** An event of the API as one of ours. A loss without a step has no place in the chart. */
export function eventOf({ id, created_at: at, level, message, data }: RemoteEvent): TrainingEventDraft {
  const step = data?.step ?? null;
  return {
    key: id,
    at,
    level: level === "error" ? "error" : level.startsWith("warn") ? "warn" : "info",
    message,
    step,
    loss: step === null ? null : (data?.train_loss ?? null),
    validLoss: step === null ? null : (data?.full_valid_loss ?? data?.valid_loss ?? null),
  };
}

/** A checkpoint as an event. */
export function checkpointEvent(checkpoint: z.infer<typeof RemoteCheckpoint>): TrainingEventDraft {
  const { id, created_at: at, step_number: step, metrics, fine_tuned_model_checkpoint: name } = checkpoint;
  const placed = step !== null && step !== undefined;
  return {
    key: `checkpoint ${id}`.slice(0, 200),
    at,
    level: "info",
    message: `checkpoint ${name}${placed ? ` at step ${step}` : ""}`,
    step: step ?? null,
    loss: placed ? (metrics?.train_loss ?? null) : null,
    validLoss: placed ? (metrics?.full_valid_loss ?? metrics?.valid_loss ?? null) : null,
  };
}
