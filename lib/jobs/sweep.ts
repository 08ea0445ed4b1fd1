import type { Store } from "@/lib/core/store";
import type { JobQueue } from "./definitions";

/** A rollout claimed this often without an end takes its worker down with it, and is given up. */
const MAX_CLAIMS = 5;
/** Waiting trajectories asked for per sweep; the rest follow as these get done. */
const AT_ONCE = 50;

/**
 * Finds work that lost its worker or its job: takes back rollouts whose lease ran out, and sends a job for every
 * trajectory that waits. A job that waits already is not sent twice.
 * @param isHere whether this process is at work on that trajectory itself
 * @returns how many trajectories had rollouts taken back
 */
export async function sweep(
  { store, queue }: { store: Pick<Store, "rollouts">; queue: JobQueue },
  isHere: (runId: number, trajectoryId: number) => boolean,
): Promise<number> {
  const reaped = await store.rollouts.reap(MAX_CLAIMS);
  const waiting = await store.rollouts.waiting(AT_ONCE);
  const due = new Map([...reaped, ...waiting].map((at) => [`${at.runId}:${at.trajectoryId}`, at]));
  for (const at of due.values())
    if (!isHere(at.runId, at.trajectoryId)) await queue.send("mine-trajectory", at);
  return reaped.length;
}
