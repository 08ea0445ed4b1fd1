import { AppError } from "@/lib/core/errors";
import type { ReplayCheck } from "@/lib/core/replay";
import type { VerificationOutcome } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { checkReplay } from "../check-replay";
import type { Connections } from "../connections";
import type { JobPayload } from "../definitions";
import { oneLine } from "../log";

export type VerifyingDeps = {
  store: Pick<Store, "verifications" | "trajectories" | "environments" | "replays">;
  connections: Connections;
  log: (line: string) => void;
};

type End = { outcome: VerificationOutcome; error: { code: string; message: string } | null };

/**
 * Replays the trajectories of one chunk that still wait, one after the other. What breaks is an error of that trajectory
 * and leaves what an earlier replay gave; running twice repeats a replay and changes nothing.
 * @param signal fires when this process has to stop; the rest of the chunk then waits for another job
 */
export async function verifyReplays(
  deps: VerifyingDeps,
  { verificationId, chunk }: JobPayload<"verify-replays">,
  signal: AbortSignal,
): Promise<void> {
  const { verifications } = deps.store;
  while (!signal.aborted) {
    const trajectoryId = await verifications.next(verificationId, chunk);
    if (trajectoryId === null) return;
    const end = await endOf(deps, trajectoryId, signal);
    if (signal.aborted) return;
    if (end.error)
      deps.log(
        `verification ${verificationId} trajectory ${trajectoryId}: ${end.error.code}: ${oneLine(end.error.message)}`,
      );
    await verifications.end(verificationId, trajectoryId, end);
  }
}

async function endOf(deps: VerifyingDeps, trajectoryId: number, signal: AbortSignal): Promise<End> {
  try {
    return { outcome: (await replay(deps, trajectoryId, signal)).state, error: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "not_replayable") return { outcome: "not_replayable", error: null };
    return { outcome: "errored", error: { code: error.code, message: error.message } };
  }
}

async function replay(
  { store, connections }: VerifyingDeps,
  trajectoryId: number,
  signal: AbortSignal,
): Promise<ReplayCheck> {
  const trajectory = await store.trajectories.get(trajectoryId);
  const row = await store.environments.get(trajectory.environmentId);
  return checkReplay(store, await connections.environment(row), trajectory, signal);
}
