import { z } from "zod";

const Id = z.number().int().positive();

/** What each kind of background work is told: ids only; what a job works on is read from the store when it runs. */
export const payloads = {
  "mine-trajectory": z.strictObject({ runId: Id, trajectoryId: Id }),
  "verify-replays": z.strictObject({ verificationId: Id, chunk: z.number().int().min(0) }),
  "collect-episodes": z.strictObject({ collectionId: Id, turn: z.number().int().min(0) }),
  critique: z.strictObject({ critiqueId: Id }),
  "follow-training": z.strictObject({ trainingId: Id }),
  "prepare-export": z.strictObject({ exportId: Id }),
};

export type JobName = keyof typeof payloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof payloads)[Name]>;

/** Jobs of one kind with the same key are one job while they wait. */
export const jobKeys: { [Name in JobName]: (payload: JobPayload<Name>) => string } = {
  "mine-trajectory": ({ runId, trajectoryId }) => `${runId}:${trajectoryId}`,
  "verify-replays": ({ verificationId, chunk }) => `${verificationId}:${chunk}`,
  "collect-episodes": ({ collectionId, turn }) => `${collectionId}:${turn}`,
  critique: ({ critiqueId }) => String(critiqueId),
  "follow-training": ({ trainingId }) => String(trainingId),
  "prepare-export": ({ exportId }) => String(exportId),
};

/** What a job of that kind and payload is called. */
export function jobKey<Name extends JobName>(name: Name, payload: JobPayload<Name>): string {
  return `${name} ${jobKeys[name](payload)}`;
}

/** The kinds of work there are. */
export const jobNames: JobName[] = [
  "mine-trajectory",
  "verify-replays",
  "collect-episodes",
  "critique",
  "follow-training",
  "prepare-export",
];

/** Jobs of a kind that one worker does at once at most, where that is not as many as it is told: those that read and write much. */
export const mostAtOnce: { [Name in JobName]?: number } = { "prepare-export": 2 };

/** Hands work to whichever worker is free, now or after a restart. */
export interface JobQueue {
  /**
   * Waits until the job is stored; the same job waiting already is not stored again.
   * @param haste `first` goes before all that wait, and before itself where it waits already
   */
  send<Name extends JobName>(name: Name, payload: JobPayload<Name>, haste?: "first"): Promise<void>;
}
