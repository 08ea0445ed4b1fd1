import type { Store } from "@/lib/core/store";
import type { Registries } from "./connections";
import { critique } from "./handlers/critique";
import { LOOK_MS, openHere } from "./here";
import { createSlots } from "./slots";

/** Critiques asked for at once; how many calls are made at once is the endpoint's matter. */
const AT_ONCE = 4;

/**
 * Asks for chosen critiques in this process, beside any workers, until none of them waits or the signal fires.
 * @param log called with one line per event
 */
export async function critiqueHere(
  registries: Registries & { store: Store },
  critiqueIds: number[],
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const here = openHere(registries, log);
  const slots = createSlots(AT_ONCE);
  try {
    await Promise.all(
      critiqueIds.map((critiqueId) => slots(() => critique(here.deps, { critiqueId }, signal))),
    );
    // What a worker took is its to finish.
    while (!signal.aborted) {
      const { queued, running } = await registries.store.critiques.counts(critiqueIds);
      if (queued + running === 0) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await here.close();
  }
}
