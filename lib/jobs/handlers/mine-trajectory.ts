import type { JobPayload } from "../definitions";
import { explore, type ExploreDeps } from "../explore";
import type { Leases } from "../leases";
import { settleCancelled, settleTrajectory } from "../settle";
import type { Store } from "@/lib/core/store";

export type MiningDeps = ExploreDeps & { store: Store; leases: Leases };

/**
 * Explores one trajectory in one run: checks its replay, runs its queued rollouts, derives what they say. Several workers
 * may do this for the same trajectory at once: every rollout is claimed by one of them.
 * @param signal fires when this process has to stop; the rollout in hand is then given back
 */
export async function mineTrajectory(
  deps: MiningDeps,
  { runId, trajectoryId }: JobPayload<"mine-trajectory">,
  signal: AbortSignal,
): Promise<void> {
  const { store, leases } = deps;
  const run = await store.runs.get(runId);
  if (run.state === "cancelling") return settleCancelled(deps, runId);
  if (run.state !== "queued" && run.state !== "running") return;
  await store.runs.move(runId, ["queued"], "running");
  const facts = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
  if (!facts) return;
  const hold = leases.hold(runId);
  try {
    if (facts.rollouts.some((r) => r.status === "queued")) {
      await store.runs.mark(runId, trajectoryId, { state: "running" });
      deps.log(`run ${runId} trajectory ${trajectoryId}: started`);
      const trajectory = await store.trajectories.get(trajectoryId);
      const both = AbortSignal.any([signal, hold.signal]);
      await explore(deps, { run, trajectory, replay: facts.entry.replay, signal: both });
    }
  } finally {
    hold.release();
  }
  if (hold.signal.aborted) await settleCancelled(deps, runId);
  const state = await settleTrajectory(deps, runId, trajectoryId);
  if (state) deps.log(`run ${runId} trajectory ${trajectoryId}: ${state}`);
}
