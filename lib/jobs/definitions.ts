import { z } from "zod";

const Id = z.number().int().positive();

/**
 * Every kind of background work. Payloads are ids only: what a job works on is read from the store when it runs. Jobs of
 * one kind with the same key are one job while they wait.
 */
export const jobs = {
  "mine-trajectory": {
    Payload: z.strictObject({ runId: Id, trajectoryId: Id }),
    key: (payload: { runId: number; trajectoryId: number }) => `${payload.runId}:${payload.trajectoryId}`,
  },
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobs)[Name]["Payload"]>;

/** Hands work to whichever worker is free, now or after a restart. */
export interface JobQueue {
  /** Waits until the job is stored; the same job waiting already is not stored again. */
  send<Name extends JobName>(name: Name, payload: JobPayload<Name>): Promise<void>;
}
