import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@/lib/core/store";
import { createGates } from "./endpoint-gates";
import { createConnections, type Registries } from "./connections";
import { mineTrajectory } from "./handlers/mine-trajectory";
import { createLeases } from "./leases";
import { sweep } from "./sweep";

const LEASE_MS = 30_000;
const AT_ONCE = 4;
const LOOK_MS = 1000;

/** The sweep of this process sends no jobs: it takes what waits by itself. */
const noQueue = { send: () => Promise.resolve() };

/**
 * Works on one run in this process, beside any workers, until the run has ended or the signal fires.
 * @param log called with one line per event
 */
export async function mineHere(
  { store, environments, policies }: Registries & { store: Store },
  runId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const owner = `command:${process.pid}:${randomUUID().slice(0, 8)}`;
  const endpoints = createGates(store.endpoints, { owner, log });
  const connections = createConnections(store, { environments, policies }, endpoints.gates);
  const leases = createLeases(store, { owner, leaseMs: LEASE_MS, log });
  const deps = { store, connections, leases, owner, leaseMs: LEASE_MS, log };
  try {
    while (!signal.aborted && !(await hasEnded(store, runId))) {
      const waiting = await store.runs.trajectoryIds(runId, ["queued", "running"]);
      const lane = async () => {
        for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
          await mineTrajectory(deps, { runId, trajectoryId: next }, signal);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      if (await hasEnded(store, runId)) return;
      await sweep({ store, queue: noQueue }, () => false);
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    leases.stop();
    await connections.close();
    await endpoints.close();
  }
}

async function hasEnded(store: Store, runId: number): Promise<boolean> {
  const { state } = await store.runs.get(runId);
  return state === "done" || state === "cancelled" || state === "failed";
}
