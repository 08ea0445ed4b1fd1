import type { Store } from "@/lib/core/store";
import type { Registries } from "./connections";
import { verifyReplays } from "./handlers/verify-replays";
import { openHere } from "./here";

/**
 * Replays what a verification still waits for in this process, beside any workers, until nothing waits or the signal
 * fires.
 * @param log called with one line per event
 */
export async function verifyHere(
  registries: Registries & { store: Store },
  verificationId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const { store } = registries;
  const here = openHere(registries, log);
  try {
    for (const chunk of await store.verifications.chunks(verificationId)) {
      await verifyReplays(here.deps, { verificationId, chunk }, signal);
      const { outcomes } = await store.verifications.get(verificationId);
      log(`${outcomes.verified} verified, ${outcomes.diverged} diverged, ${outcomes.queued} waiting`);
    }
  } finally {
    await here.close();
  }
}
