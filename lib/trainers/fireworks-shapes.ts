import { z } from "zod";
import type { TrainingStatus } from "@/lib/core/trainer";
import type { TrainingEventDraft } from "@/lib/core/training";

/** What the routes of Fireworks' fine-tuning API answer, as far as it is read. Source: as of lib/trainers/fireworks.ts. */

export const FireworksDataset = z.object({ name: z.string().min(1).max(400), state: z.string().nullish() });

export const FireworksJob = z.object({
  name: z.string().min(1).max(400),
  state: z.string().nullish(),
  status: z.object({ message: z.string().nullish() }).nullish().catch(null),
  outputModel: z.string().max(400).nullish(),
  updateTime: z.string().nullish(),
  jobProgress: z
    .object({ percent: z.number().nullish().catch(null), epoch: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
});
type FireworksJob = z.infer<typeof FireworksJob>;

const ends = {
  JOB_STATE_COMPLETED: "succeeded",
  JOB_STATE_FAILED: "failed",
  JOB_STATE_CANCELLED: "cancelled",
} as const;
const isEnd = (state: string): state is keyof typeof ends => Object.hasOwn(ends, state);

/** How far a job is; a state nobody has heard of is one that is not over. */
export function statusOf({ state: word, status, outputModel }: FireworksJob): TrainingStatus {
  const said = word ?? "JOB_STATE_UNSPECIFIED";
  const state = isEnd(said) ? ends[said] : "running";
  return {
    state,
    phase: said.replace("JOB_STATE_", "").replaceAll("_", " ").toLowerCase().slice(0, 100),
    checkpoint: state === "succeeded" ? (outputModel ?? null) : null,
    error: state === "failed" ? status?.message || "the provider gave no reason" : null,
    logTail: null,
  };
}

/** How far it says it is, as events: it has no list of them. */
export function eventsOf({ jobProgress, updateTime }: FireworksJob): TrainingEventDraft[] {
  const percent = jobProgress?.percent;
  if (percent === null || percent === undefined || percent <= 0) return [];
  const epoch = jobProgress?.epoch;
  const at = new Date(Date.parse(updateTime ?? "") || 0);
  const message = `${percent} percent${epoch ? `, epoch ${epoch}` : ""}`;
  return [{ key: `percent ${percent}`, at, level: "info", message, step: null, loss: null, validLoss: null }];
}
