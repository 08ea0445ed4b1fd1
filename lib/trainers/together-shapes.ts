import { z } from "zod";
import type { TrainingStatus } from "@/lib/core/trainer";
import type { TrainingEventDraft } from "@/lib/core/training";

/** What the routes of Together's fine-tuning API answer, as far as it is read. Source: as of lib/trainers/together.ts. */

const Id = z.string().min(1).max(200);
const Time = z
  .string()
  .nullish()
  .transform((text) => new Date(Number.isNaN(Date.parse(text ?? "")) ? 0 : Date.parse(text ?? "")));
const Step = z.number().int().min(0).max(2_000_000_000).nullish().catch(null);

export const TogetherFile = z.object({
  id: Id,
  filename: z.string().nullish(),
  bytes: z.number().nullish(),
});

export const TogetherEvent = z.object({
  created_at: Time,
  type: z.string().catch("event"),
  level: z.string().nullish().catch(null),
  message: z.string().catch(""),
  step: Step,
  total_steps: Step,
});
type TogetherEvent = z.infer<typeof TogetherEvent>;

export const TogetherJob = z.object({
  id: Id,
  status: z.string(),
  training_file: z.string().nullish(),
  model_output_name: z.string().max(400).nullish(),
  events: z.array(TogetherEvent).nullish().catch(null),
});
type TogetherJob = z.infer<typeof TogetherJob>;

/** A list: all of it at once. */
export const listOf = <T>(Row: z.ZodType<T>) => z.object({ data: z.array(Row) });

const ends = { completed: "succeeded", error: "failed", cancelled: "cancelled" } as const;
const isEnd = (status: string): status is keyof typeof ends => Object.hasOwn(ends, status);

/** How far a job is. Its name for the model is there from the beginning, but names a model only once it is completed. */
export function statusOf({ status, model_output_name: name, events }: TogetherJob): TrainingStatus {
  const state = isEnd(status) ? ends[status] : "running";
  const broken = events?.filter((event) => levelOf(event) === "error").at(-1)?.message;
  return {
    state,
    phase: status.replaceAll("_", " ").slice(0, 100),
    checkpoint: state === "succeeded" ? (name ?? null) : null,
    error: state === "failed" ? broken || "the provider gave no reason" : null,
    logTail: null,
  };
}

/** `legacy_ierror` and the like are levels of older jobs. */
function levelOf({ level }: TogetherEvent): TrainingEventDraft["level"] {
  const word = (level ?? "info").toLowerCase().replace(/^legacy_i?/, "");
  return word === "error" ? "error" : word.startsWith("warn") ? "warn" : "info";
}

/** An event as one of ours; it has no name of its own, so that its place in the list of events is one. */
export function eventOf(event: TogetherEvent, place: number): TrainingEventDraft {
  const { created_at: at, type, message, step } = event;
  return {
    ...{ key: `${place} ${type}`.slice(0, 200), at, level: levelOf(event), message: message || type },
    ...{ step: step ?? null, loss: null, validLoss: null },
  };
}
