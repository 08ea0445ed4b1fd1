import type { Store } from "@/lib/core/store";
import { playEpisodes, type PlayDeps } from "../play-episodes";
import type { JobPayload, JobQueue } from "../definitions";
import type { Leases } from "../leases";

export type CollectingDeps = PlayDeps & { store: Store; collectionLeases: Leases; queue: JobQueue };

/** How long one job keeps its place; then it queues up again, so that collections share the workers. */
const TURN_MS = 30_000;

/**
 * Plays queued episodes of a collection, one after the other, until none may be claimed, the turn is over or the signal
 * fires. Any number of turns may be taken at once: each episode is claimed by one, and no more run than the collection
 * allows.
 * @param signal fires when this process has to stop; the episode in hand is then given back
 */
export async function collectEpisodes(
  deps: CollectingDeps,
  { collectionId, turn }: JobPayload<"collect-episodes">,
  signal: AbortSignal,
): Promise<void> {
  const { store, collectionLeases, queue, log } = deps;
  const collection = await store.collections.get(collectionId);
  if (collection.state !== "queued" && collection.state !== "running") return;
  const hold = collectionLeases.hold(collectionId);
  const until = Date.now() + TURN_MS;
  try {
    const stop = AbortSignal.any([signal, hold.signal]);
    const { played, more } = await playEpisodes(deps, { collection, hold, signal: stop, until });
    if (played > 0) log(`collection ${collectionId} turn ${turn}: ${played} episodes played`);
    if (more)
      await queue.send("collect-episodes", { collectionId, turn: turn + collection.config.concurrency });
  } finally {
    hold.release();
  }
}
