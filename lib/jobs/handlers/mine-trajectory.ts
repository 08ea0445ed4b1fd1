import { isAdaptive, nextProbes } from "@/lib/core/planner";
import type { Store } from "@/lib/core/store";
import type { JobPayload } from "../definitions";
import { explore, type ExploreDeps } from "../explore";
import type { Leases } from "../leases";

export type MiningDeps = ExploreDeps & { store: Store; leases: Leases };

/**
 * Explores one trajectory in one run: checks its replay and runs its queued rollouts; with the last of them the store
 * plans the next, where the run is adaptive, or derives what they say. Several workers may do this for the same trajectory at once: each rollout is claimed by one.
 * @param signal fires when this process has to stop; the rollout in hand is then given back
 */
export async function mineTrajectory(
  deps: MiningDeps,
  { runId, trajectoryId }: JobPayload<"mine-trajectory">,
  signal: AbortSignal,
): Promise<void> {
  const { store, leases, log } = deps;
  const run = await store.runs.get(runId);
  if (run.state === "cancelling") return store.rollouts.cancelQueued(runId);
  if (run.state === "paused") return;
  const before = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
  if (!before?.rollouts.some((r) => r.status === "queued")) return;
  const name = `run ${runId} trajectory ${trajectoryId}`;
  log(`${name}: started`);
  const trajectory = await store.trajectories.get(trajectoryId);
  const hold = leases.hold(runId);
  try {
    const { replay, state } = before.entry;
    const stop = AbortSignal.any([signal, hold.signal]);
    await explore(deps, { run, trajectory, replay, begun: state === "running", hold, signal: stop });
  } finally {
    hold.release();
  }
  const after = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
  if (!after) return;
  const solved = after.rollouts.filter((r) => r.success).length;
  const next = nextProbes(trajectory.steps.length, run.config, after.rollouts);
  const why = next.state === "finished" && isAdaptive(run.config.preset) ? `; ${next.reason}` : "";
  log(`${name}: ${after.entry.state}, ${solved} of ${after.rollouts.length} rollouts solved it${why}`);
}
