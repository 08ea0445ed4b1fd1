import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@/lib/core/store";
import { isOpen } from "@/lib/core/training";
import { followTraining } from "./handlers/follow-training";
import { LEASE_MS, LOOK_MS, ownerHere } from "./here";

/**
 * Follows a training in this process, beside any workers, until it is over or the signal fires.
 * @param log called with one line per event
 */
export async function trainHere(
  { store }: { store: Store },
  trainingId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const deps = { store, owner: ownerHere(), leaseMs: LEASE_MS, log };
  let last = "";
  while (!signal.aborted) {
    if ((await store.trainings.waiting(1000)).includes(trainingId))
      await followTraining(deps, { trainingId }, signal);
    const { state, phase, step, totalSteps } = await store.trainings.get(trainingId);
    const steps = step === null ? "" : `, step ${step}${totalSteps === null ? "" : ` of ${totalSteps}`}`;
    const line = `${state}${phase === null ? "" : ` (${phase})`}${steps}`;
    if (line !== last) log(line);
    last = line;
    if (!isOpen(state)) return;
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
