import { setTimeout as pause } from "node:timers/promises";
import type { CollectionRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Registries } from "./connections";
import { LOOK_MS, noQueue, openHere } from "./here";
import { createCollectionLeases } from "./leases";
import { playEpisodes } from "./play-episodes";
import { sweep } from "./sweep";

/**
 * Works on one collection in this process, beside any workers, until it has ended or the signal fires.
 * @param log called with one line per event
 */
export async function collectHere(
  registries: Registries & { store: Store },
  collectionId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const { store } = registries;
  const here = openHere(registries, log);
  const leases = createCollectionLeases(store, here.deps);
  const hold = leases.hold(collectionId);
  const stop = AbortSignal.any([signal, hold.signal]);
  const lane = async (first: boolean) => {
    for (;;) {
      const collection = await store.collections.get(collectionId);
      if (stop.aborted || hasEnded(collection)) return;
      await playEpisodes(here.deps, { collection, hold, signal: stop, until: Infinity });
      if (stop.aborted || hasEnded(await store.collections.get(collectionId))) return;
      if (first) await sweep({ store, queue: noQueue }, () => false);
      await pause(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  };
  try {
    const { config } = await store.collections.get(collectionId);
    await Promise.all(Array.from({ length: config.concurrency }, (_, at) => lane(at === 0)));
  } finally {
    hold.release();
    leases.stop();
    await here.close();
  }
}

const hasEnded = ({ state }: CollectionRow): boolean =>
  state === "done" || state === "cancelled" || state === "failed";
