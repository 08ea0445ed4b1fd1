import type { Store } from "@/lib/core/store";
import { sweepExports } from "./sweep-exports";
import { jobKey, type JobName, type JobPayload, type JobQueue } from "./definitions";

/** A rollout or episode claimed this often without an end takes its worker down with it, and is given up. */
const MAX_CLAIMS = 5;
/** Waiting trajectories asked for per sweep; the rest follow as these get done. */
const AT_ONCE = 50;

/**
 * Finds work that lost its worker or its job: takes back rollouts and episodes whose lease ran out, and sends a job for everything
 * that waits. A job that waits already is not sent twice.
 * @param isHere whether this process is at work on the job of that key itself
 * @returns of how many trajectories and episodes something was taken back
 */
export async function sweep(
  {
    store,
    queue,
  }: {
    store: Pick<
      Store,
      "rollouts" | "verifications" | "collections" | "critiques" | "disagreements" | "trainings" | "exports"
    >;
    queue: JobQueue;
  },
  isHere: (job: string) => boolean,
): Promise<number> {
  const send = async <Name extends JobName>(name: Name, payloads: JobPayload<Name>[], haste?: "first") => {
    const due = new Map(payloads.map((payload) => [jobKey(name, payload), payload]));
    for (const [job, payload] of due) if (!isHere(job)) await queue.send(name, payload, haste);
  };
  const reaped = await store.rollouts.reap(MAX_CLAIMS);
  // What a dead worker had in hand does not wait behind all that nobody has begun.
  await send("mine-trajectory", reaped, "first");
  await send("mine-trajectory", await store.rollouts.waiting(AT_ONCE));
  await send("verify-replays", await store.verifications.waiting(AT_ONCE));
  const episodes = await store.collections.reap(MAX_CLAIMS);
  const free = await store.collections.waiting(AT_ONCE);
  await send(
    "collect-episodes",
    free.flatMap(({ collectionId, free }) => turnsOf(collectionId, free, isHere)),
  );
  await send(
    "critique",
    (await store.critiques.waiting(AT_ONCE)).map((critiqueId) => ({ critiqueId })),
  );
  await send(
    "follow-training",
    (await store.trainings.waiting(AT_ONCE)).map((trainingId) => ({ trainingId })),
  );
  await send(
    "prepare-export",
    (await sweepExports(store.exports, AT_ONCE)).map((exportId) => ({ exportId })),
  );
  await store.disagreements.catchUp(AT_ONCE);
  return reaped.length + episodes;
}

/** As many turns as may run at once beside those that run; a turn that this process is at work on is no help. */
function turnsOf(collectionId: number, free: number, isHere: (job: string) => boolean) {
  const turns: JobPayload<"collect-episodes">[] = [];
  for (let turn = 0; turns.length < free; turn++)
    if (!isHere(jobKey("collect-episodes", { collectionId, turn }))) turns.push({ collectionId, turn });
  return turns;
}
