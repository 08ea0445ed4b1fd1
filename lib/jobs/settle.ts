import { judge } from "@/lib/core/judge";
import { applyReviews, summarise } from "@/lib/core/review";
import type { MinedFacts, RunTrajectoryRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";

type SettleDeps = { store: Pick<Store, "runs" | "rollouts" | "trajectories" | "facts"> };

/**
 * Derives what the lists show of a trajectory once none of its rollouts is queued or running, and finishes the run with
 * its last trajectory. Safe to call at any time, by anyone, twice.
 * @returns how the trajectory stands; null while rollouts are left
 */
export async function settleTrajectory(
  { store }: SettleDeps,
  runId: number,
  trajectoryId: number,
): Promise<RunTrajectoryRow["state"] | null> {
  const facts = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
  const brief = (await store.trajectories.briefs([trajectoryId]))[0];
  if (!facts || !brief || facts.rollouts.some(isOpen)) return null;
  const { alpha } = await store.runs.get(runId);
  const judgement = judge(brief.stepCount, facts, alpha);
  const summary = summarise(applyReviews(brief.stepCount, judgement, facts.reviews), judgement);
  const outcome = outcomeOf(facts);
  await store.runs.mark(runId, trajectoryId, { ...summary, ...outcome });
  const left = await store.runs.trajectoryIds(runId, ["queued", "running"]);
  if (left.length === 0) await store.runs.move(runId, ["queued", "running"], "done");
  return outcome.state;
}

/** Finishes a run that is being cancelled, unless some worker still has a rollout of it in hand. */
export async function settleCancelled({ store }: SettleDeps, runId: number): Promise<void> {
  await store.rollouts.cancelQueued(runId);
  const { rollouts } = await store.runs.progress(runId);
  if (rollouts.running === 0) await store.runs.move(runId, ["cancelling"], "cancelled");
}

const isOpen = ({ status }: MinedFacts["rollouts"][number]): boolean =>
  status === "queued" || status === "running";

/** A trajectory is errored when nothing was learned of it, because every rollout that ran broke. */
function outcomeOf({ rollouts }: MinedFacts): Pick<RunTrajectoryRow, "state" | "errorCode" | "errorMessage"> {
  const broken = rollouts.find((r) => r.status === "errored");
  const error = { errorCode: broken?.errorCode ?? null, errorMessage: broken?.errorMessage ?? null };
  if (rollouts.some((r) => r.status === "completed")) return { state: "done", ...error };
  return { state: broken ? "errored" : "cancelled", ...error };
}
