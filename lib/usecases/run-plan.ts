import type { Probe } from "@/lib/core/plan";
import { nextProbes } from "@/lib/core/planner";
import type { RunConfig } from "@/lib/core/run";
import type { RunRow } from "@/lib/core/rows";
import { isFailedExpert } from "@/lib/core/trajectory";
import type { Deps } from "./deps";
import { resolveSelection, type Selection } from "./selection";

const BATCH = 1000;

export type Failed = { trajectoryId: number; stepCount: number };

/** The failed expert trajectories of a selection, and how many others it holds. */
export async function failedExperts(
  { store }: Pick<Deps, "store">,
  selection: Selection,
): Promise<{ failed: Failed[]; skipped: number }> {
  const ids = await resolveSelection(store, selection);
  const failed: Failed[] = [];
  for (let i = 0; i < ids.length; i += BATCH)
    failed.push(...(await store.trajectories.briefs(ids.slice(i, i + BATCH))).filter(isFailedExpert));
  return { failed, skipped: ids.length - failed.length };
}

/** Plans the first rollouts of trajectories in a run and hands a job for each to the workers. */
export async function planAll(deps: Deps, { runId, config }: RunRow, failed: Failed[]): Promise<void> {
  for (let i = 0; i < failed.length; i += BATCH) {
    const batch = failed.slice(i, i + BATCH);
    await deps.store.runs.plan(
      runId,
      batch.map(({ trajectoryId, stepCount }) => ({ trajectoryId, probes: firstProbes(stepCount, config) })),
    );
    await enqueue(
      deps,
      runId,
      batch.map((t) => t.trajectoryId),
    );
  }
}

/** Plans what a run was started for and did not come to, because whoever started it died; what is planned stays. */
export async function completePlan(deps: Deps, runId: number, selection: Selection): Promise<void> {
  const planned = new Set(await deps.store.runs.trajectoryIds(runId));
  const { failed } = await failedExperts(deps, selection);
  const missing = failed.filter(({ trajectoryId }) => !planned.has(trajectoryId));
  if (missing.length > 0) await planAll(deps, await deps.store.runs.get(runId), missing);
}

/** Hands a job for each trajectory of a run to the workers. */
export async function enqueue(
  { queue }: Pick<Deps, "queue">,
  runId: number,
  trajectoryIds: number[],
): Promise<void> {
  for (const trajectoryId of trajectoryIds) await queue.send("mine-trajectory", { runId, trajectoryId });
}

function firstProbes(stepCount: number, config: RunConfig): Probe[] {
  const next = nextProbes(stepCount, config, []);
  return next.state === "probe" ? next.probes : [];
}
