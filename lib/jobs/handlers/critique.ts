import { AppError } from "@/lib/core/errors";
import type { Usage } from "@/lib/core/ports";
import type { Store } from "@/lib/core/store";
import type { CritiqueEnd } from "@/lib/core/strategies/store";
import type { Connections } from "../connections";
import type { JobPayload } from "../definitions";
import { oneLine } from "../log";

export type CritiqueDeps = {
  store: Pick<Store, "critiques" | "trajectories">;
  connections: Pick<Connections, "critic">;
  owner: string;
  leaseMs: number;
  log: (line: string) => void;
};

type Claim = NonNullable<Awaited<ReturnType<Store["critiques"]["claim"]>>>;

/**
 * Asks a critic about one trajectory, once. Several workers may be told to: one claims it. What breaks is an error of
 * this critique with its reason; nothing of a broken answer is stored.
 * @param signal fires when this process has to stop; the critique is then given back
 */
export async function critique(
  deps: CritiqueDeps,
  { critiqueId }: JobPayload<"critique">,
  signal: AbortSignal,
): Promise<void> {
  const { store, owner, leaseMs, log } = deps;
  const claim = await store.critiques.claim(critiqueId, owner, leaseMs);
  if (!claim) return;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    store.critiques.renew(critiqueId, claim.epoch, leaseMs).then(
      (held) => (held ? undefined : lost.abort()),
      (error: unknown) =>
        log(`error: critique ${critiqueId}: its lease was not renewed: ${oneLine(String(error))}`),
    );
  }, leaseMs / 3);
  try {
    const end = await endOf(deps, critiqueId, claim, AbortSignal.any([signal, lost.signal]));
    if (end === null) return await store.critiques.release(critiqueId, claim.epoch);
    await store.critiques.end(critiqueId, claim.epoch, end);
    const came = end.status === "completed" ? "done" : `${end.code}: ${oneLine(end.message)}`;
    log(`critique ${critiqueId} trajectory ${claim.trajectoryId}: ${came}`);
  } finally {
    clearInterval(renewing);
  }
}

/** Null when it was stopped. */
async function endOf(
  { store, connections }: CritiqueDeps,
  critiqueId: number,
  { trajectoryId, policyId }: Claim,
  signal: AbortSignal,
): Promise<CritiqueEnd | null> {
  const usage = { promptTokens: 0, completionTokens: 0 };
  const spent = (cost: Usage) => {
    usage.promptTokens += cost.promptTokens;
    usage.completionTokens += cost.completionTokens;
  };
  try {
    const critic = await connections.critic(policyId);
    const trajectory = await store.trajectories.get(trajectoryId);
    const { steps } = await critic.critique(trajectory, { seed: critiqueId, signal, spent });
    const { checkpoint, promptVersion } = critic;
    return { status: "completed", checkpoint, promptVersion, steps, ...usage };
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof AppError)) throw error;
    const message = error.fix ? `${error.message}; ${error.fix}` : error.message;
    return { status: "errored", code: error.code, message, ...usage };
  }
}
