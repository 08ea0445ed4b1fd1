import type { Store } from "@/lib/core/store";

/** Work on one run, for as long as it is held; the signal fires when the run is being cancelled. */
export type Hold = { signal: AbortSignal; release(): void };

export interface Leases {
  hold(runId: number): Hold;
  /** Stops renewing; what is still held runs out by itself. */
  stop(): void;
}

/**
 * Keeps this worker's rollouts its own: renews all their leases in one statement, three times per lease, and learns on
 * the way which runs are being cancelled.
 */
export function createLeases(
  { rollouts }: Pick<Store, "rollouts">,
  { owner, leaseMs, log }: { owner: string; leaseMs: number; log: (line: string) => void },
): Leases {
  const held = new Map<number, Set<AbortController>>();
  let renewing = false;

  async function renew(): Promise<void> {
    if (renewing || held.size === 0) return;
    renewing = true;
    try {
      const { stoppingRuns } = await rollouts.renew(owner, leaseMs);
      for (const runId of stoppingRuns) held.get(runId)?.forEach((controller) => controller.abort());
    } catch (error) {
      log(
        `error: the leases could not be renewed: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      renewing = false;
    }
  }

  const timer = setInterval(() => void renew(), leaseMs / 3);
  return {
    hold(runId) {
      const controller = new AbortController();
      const holds = held.get(runId) ?? new Set();
      held.set(runId, holds.add(controller));
      return {
        signal: controller.signal,
        release() {
          holds.delete(controller);
          if (holds.size === 0 && held.get(runId) === holds) held.delete(runId);
        },
      };
    },
    stop: () => clearInterval(timer),
  };
}
