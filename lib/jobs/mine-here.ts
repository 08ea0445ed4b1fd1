import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@/lib/core/store";
import type { Registries } from "./connections";
import { LOOK_MS, noQueue, openHere } from "./here";
import { mineTrajectory } from "./handlers/mine-trajectory";
import { createLeases } from "./leases";
import { sweep } from "./sweep";

const AT_ONCE = 4;

/**
 * Works on one run in this process, beside any workers, until the run has ended or the signal fires.
 * @param log called with one line per event
 */
export async function mineHere(
  registries: Registries & { store: Store },
  runId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const { store } = registries;
  const here = openHere(registries, log);
  const leases = createLeases(store, here.deps);
  const deps = { ...here.deps, leases };
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
    await here.close();
  }
}

async function hasEnded(store: Store, runId: number): Promise<boolean> {
  const { state } = await store.runs.get(runId);
  return state === "done" || state === "cancelled" || state === "failed";
}
