import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { CollectionRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { createGates } from "./endpoint-gates";
import { createConnections, type Registries } from "./connections";
import { createCollectionLeases } from "./leases";
import { playEpisodes } from "./play-episodes";
import { sweep } from "./sweep";

const LEASE_MS = 30_000;
const LOOK_MS = 1000;

/** The sweep of this process sends no jobs: it takes what waits by itself. */
const noQueue = { send: () => Promise.resolve() };

/**
 * Works on one collection in this process, beside any workers, until it has ended or the signal fires.
 * @param log called with one line per event
 */
export async function collectHere(
  { store, environments, policies }: Registries & { store: Store },
  collectionId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const owner = `command:${process.pid}:${randomUUID().slice(0, 8)}`;
  const endpoints = createGates(store.endpoints, { owner, log });
  const connections = createConnections(store, { environments, policies }, endpoints.gates);
  const leases = createCollectionLeases(store, { owner, leaseMs: LEASE_MS, log });
  const deps = { store, connections, owner, leaseMs: LEASE_MS, log };
  const hold = leases.hold(collectionId);
  const stop = AbortSignal.any([signal, hold.signal]);
  const lane = async (first: boolean) => {
    for (;;) {
      const collection = await store.collections.get(collectionId);
      if (stop.aborted || hasEnded(collection)) return;
      await playEpisodes(deps, { collection, signal: stop, until: Infinity });
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
    await connections.close();
    await endpoints.close();
  }
}

const hasEnded = ({ state }: CollectionRow): boolean => state === "done" || state === "cancelled";
