import type { Store } from "@/lib/core/store";

/** Work on one run or collection, for as long as it is held; the signal fires when that is being cancelled. */
export type Hold = {
  signal: AbortSignal;
  /**
   * Keeps a claimed rollout or episode this worker's while `work` goes on, and no longer: one whose end could not be
   * written must run out, though its worker lives on.
   */
  during<T>(claimed: number, work: () => Promise<T>): Promise<T>;
  release(): void;
};

export interface Leases {
  hold(id: number): Hold;
  /** Stops renewing; what is still held runs out by itself. */
  stop(): void;
}

type Holder = { owner: string; leaseMs: number; log: (line: string) => void };

/** Keeps this worker's rollouts its own; what is held are runs. */
export function createLeases({ rollouts }: Pick<Store, "rollouts">, holder: Holder): Leases {
  return keepLeases(async (...by) => (await rollouts.renew(...by)).stoppingRuns, holder);
}

/** Keeps this worker's episodes its own; what is held are collections. */
export function createCollectionLeases({ collections }: Pick<Store, "collections">, holder: Holder): Leases {
  return keepLeases(async (...by) => (await collections.renew(...by)).stopping, holder);
}

/**
 * Renews the leases of what this worker has in hand in one statement, three times per lease, and learns on the way what of the held is
 * being cancelled.
 */
function keepLeases(
  renewAll: (owner: string, leaseMs: number, claimed: number[]) => Promise<number[]>,
  { owner, leaseMs, log }: Holder,
): Leases {
  const held = new Map<number, Set<AbortController>>();
  const inHand = new Set<number>();
  let renewing = false;

  async function renew(): Promise<void> {
    if (renewing || inHand.size === 0) return;
    renewing = true;
    try {
      for (const id of await renewAll(owner, leaseMs, [...inHand]))
        held.get(id)?.forEach((controller) => controller.abort());
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
    hold(id) {
      const controller = new AbortController();
      const holds = held.get(id) ?? new Set();
      held.set(id, holds.add(controller));
      return {
        signal: controller.signal,
        async during(claimed, work) {
          inHand.add(claimed);
          try {
            return await work();
          } finally {
            inHand.delete(claimed);
          }
        },
        release() {
          holds.delete(controller);
          if (holds.size === 0 && held.get(id) === holds) held.delete(id);
        },
      };
    },
    stop: () => clearInterval(timer),
  };
}
