import { z } from "zod";

const Id = z.number().int().positive();

/** What each kind of background work is told: ids only; what a job works on is read from the store when it runs. */
const payloads = {
  "mine-trajectory": z.strictObject({ runId: Id, trajectoryId: Id }),
  "verify-replays": z.strictObject({ verificationId: Id, chunk: z.number().int().min(0) }),
  "collect-episodes": z.strictObject({ collectionId: Id, turn: z.number().int().min(0) }),
};

export type JobName = keyof typeof payloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof payloads)[Name]>;

type Job<Name extends JobName> = {
  Payload: z.ZodType<JobPayload<Name>>;
  /** Jobs of one kind with the same key are one job while they wait. */
  key(payload: JobPayload<Name>): string;
};

/** Every kind of background work. */
export const jobs: { [Name in JobName]: Job<Name> } = {
  "mine-trajectory": {
    Payload: payloads["mine-trajectory"],
    key: ({ runId, trajectoryId }) => `${runId}:${trajectoryId}`,
  },
  "verify-replays": {
    Payload: payloads["verify-replays"],
    key: ({ verificationId, chunk }) => `${verificationId}:${chunk}`,
  },
  "collect-episodes": {
    Payload: payloads["collect-episodes"],
    key: ({ collectionId, turn }) => `${collectionId}:${turn}`,
  },
};

/** What a job of that kind and payload is called. */
export function jobKey<Name extends JobName>(name: Name, payload: JobPayload<Name>): string {
  return `${name} ${jobs[name].key(payload)}`;
}

/** The kinds of work there are. */
export const jobNames: JobName[] = ["mine-trajectory", "verify-replays", "collect-episodes"];

/** Hands work to whichever worker is free, now or after a restart. */
export interface JobQueue {
  /** Waits until the job is stored; the same job waiting already is not stored again. */
  send<Name extends JobName>(name: Name, payload: JobPayload<Name>): Promise<void>;
}
