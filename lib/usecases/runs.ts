import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { PAPER_ALPHA, PAPER_ATTEMPTS, PAPER_STATES } from "@/lib/core/paper";
import { planProbes } from "@/lib/core/plan";
import { MOST_MIN_ATTEMPTS, paperRule, ruleVersions, type VerdictRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import type { Page, PolicyRow, RunActivity, RunFault, RunProgress, RunRow } from "@/lib/core/rows";
import { isFailedExpert } from "@/lib/core/trajectory";
import type { Deps } from "./deps";
import { connectPolicy } from "./policies";
import { refreshSummaries } from "./reviews";
import { resolveSelection, Selection } from "./selection";

const BATCH = 1000;
const PAGE = 50;

/** What a run asks of evidence; what is left out is as in the paper. */
export const RuleInput = z.strictObject({
  ruleVersion: z.enum(ruleVersions).default(paperRule.ruleVersion),
  alpha: z.number().min(0).max(1).default(paperRule.alpha),
  minAttempts: z.number().int().min(1).max(MOST_MIN_ATTEMPTS).default(paperRule.minAttempts),
}) satisfies z.ZodType<VerdictRule>;

/** What a run mines, with what, and how hard. */
export const RunInput = z.strictObject({
  name: z.string().trim().max(200).default(""),
  policyId: z.number().int().positive(),
  selection: Selection,
  config: RunConfig.omit({ preset: true }).partial().default({}),
  ...RuleInput.shape,
});
export type RunInput = z.input<typeof RunInput>;

export type RunPlan = { trajectories: number; skipped: number; rollouts: number; maxCalls: number };

/** What a run would do, before it is started: rollouts, and the most model calls they can cost. */
export async function planRun(deps: Pick<Deps, "store">, input: z.output<typeof RunInput>): Promise<RunPlan> {
  const config = RunConfig.parse(input.config);
  const { failed, skipped } = await failedExperts(deps, input.selection);
  const rollouts = failed.reduce((sum, t) => sum + planProbes(t.stepCount, config).length, 0);
  return { trajectories: failed.length, skipped, rollouts, maxCalls: rollouts * config.maxSteps };
}

/**
 * Starts mining: writes the run and its planned rollouts, then hands one job per trajectory to the workers.
 * @throws AppError invalid_input when the selection holds no failed expert trajectory
 */
export async function startRun(
  deps: Deps,
  personId: number,
  input: z.output<typeof RunInput>,
): Promise<RunRow> {
  const { row, policy } = await connectPolicy(deps, input.policyId);
  const { failed } = await failedExperts(deps, input.selection);
  if (failed.length === 0)
    throw new AppError("invalid_input", "the selection holds no failed expert trajectory", {
      fix: "choose trajectories whose expert did not succeed",
    });
  const config = RunConfig.parse({ ...input.config, preset: presetOf(input) });
  const run = await deps.store.runs.create({
    name: input.name || `${row.name} on ${failed.length} failures`,
    origin: "mined",
    policyId: row.policyId,
    checkpoint: policy.checkpoint,
    config,
    alpha: input.alpha,
    minAttempts: input.minAttempts,
    ruleVersion: input.ruleVersion,
    personId,
  });
  for (let i = 0; i < failed.length; i += BATCH) {
    const batch = failed.slice(i, i + BATCH);
    await deps.store.runs.plan(
      run.runId,
      batch.map(({ trajectoryId, stepCount }) => ({ trajectoryId, probes: planProbes(stepCount, config) })),
    );
    await enqueue(
      deps,
      run.runId,
      batch.map((t) => t.trajectoryId),
    );
  }
  return run;
}

/** The paper's set-up goes by its name only when it is the paper's: M = 5, k = 1, α = 0. With k = 1 the rules agree. */
function presetOf({ config, alpha, minAttempts }: z.output<typeof RunInput>): RunConfig["preset"] {
  const { states, attempts } = RunConfig.parse(config);
  const asInPaper =
    states === PAPER_STATES && attempts === PAPER_ATTEMPTS && alpha === PAPER_ALPHA && minAttempts === 1;
  return asInPaper ? "paper" : "uniform";
}

async function failedExperts({ store }: Pick<Deps, "store">, selection: Selection) {
  const ids = await resolveSelection(store, selection);
  const failed: { trajectoryId: number; stepCount: number }[] = [];
  for (let i = 0; i < ids.length; i += BATCH)
    failed.push(...(await store.trajectories.briefs(ids.slice(i, i + BATCH))).filter(isFailedExpert));
  return { failed, skipped: ids.length - failed.length };
}

async function enqueue(
  { queue }: Pick<Deps, "queue">,
  runId: number,
  trajectoryIds: number[],
): Promise<void> {
  for (const trajectoryId of trajectoryIds) await queue.send("mine-trajectory", { runId, trajectoryId });
}

/** Stops a run: no rollout is claimed any more, running ones are given up; what was found stays. */
export async function cancelRun({ store }: Pick<Deps, "store">, runId: number): Promise<void> {
  const moved = await store.runs.move(runId, ["queued", "running", "paused"], "cancelling");
  if (!moved) throw new AppError("conflict", `run ${runId} is not running`);
  await store.rollouts.cancelQueued(runId);
  const { rollouts } = await store.runs.progress(runId);
  if (rollouts.running === 0) await store.runs.move(runId, ["cancelling"], "cancelled");
}

/**
 * Holds a run: nothing is claimed any more, what is running is given back with its steps within a third of a lease.
 * @throws AppError conflict when it is not running
 */
export async function pauseRun({ store }: Pick<Deps, "store">, runId: number): Promise<void> {
  if (!(await store.runs.move(runId, ["queued", "running"], "paused")))
    throw new AppError("conflict", `run ${runId} is not running`);
}

/**
 * Goes on with a paused run.
 * @returns how many trajectories go on
 * @throws AppError conflict when it is not paused
 */
export async function unpauseRun(deps: Pick<Deps, "store" | "queue">, runId: number): Promise<number> {
  if (!(await deps.store.runs.move(runId, ["paused"], "queued")))
    throw new AppError("conflict", `run ${runId} is not paused`);
  const open = await deps.store.runs.trajectoryIds(runId, ["queued", "running"]);
  await enqueue(deps, runId, open);
  return open.length;
}

/**
 * Goes on with a cancelled run, or tries the errored rollouts of a run again.
 * @returns how many trajectories are mined again
 */
export async function resumeRun(
  deps: Deps,
  runId: number,
  statuses: ("errored" | "cancelled")[],
): Promise<number> {
  const run = await deps.store.runs.get(runId);
  if (run.origin === "imported")
    throw new AppError("invalid_input", `run ${runId} is imported evidence; there is nothing to run here`);
  const trajectoryIds = await deps.store.runs.requeue(runId, statuses);
  await enqueue(deps, runId, trajectoryIds);
  return trajectoryIds.length;
}

/** Moves what a run asks of evidence; verdicts follow from the stored rollouts, nothing is simulated again. */
export async function setRule(deps: Pick<Deps, "store">, runId: number, rule: VerdictRule): Promise<void> {
  await deps.store.runs.setRule(runId, rule);
  let cursor: string | null = null;
  do {
    const page = await deps.store.runs.trajectories(runId, cursor, BATCH);
    const judged = page.rows.filter(({ state }) => state === "done" || state === "errored");
    await refreshSummaries(deps, { runId, ...rule }, judged);
    cursor = page.next;
  } while (cursor !== null);
}

export type RunView = {
  run: RunRow;
  policy: PolicyRow | null;
  progress: RunProgress;
  errors: RunFault[];
  activity: RunActivity;
};

/** A run, how far it is, who works on it, and what broke. @throws AppError not_found */
export async function runView({ store }: Pick<Deps, "store">, runId: number): Promise<RunView> {
  const run = await store.runs.get(runId);
  const [policy, progress, errors, activity] = await Promise.all([
    run.policyId === null ? null : store.policies.get(run.policyId),
    store.runs.progress(runId),
    store.runs.errors(runId),
    store.runs.activity(runId),
  ]);
  return { run, policy, progress, errors, activity };
}

/** Runs, newest first, each with its progress. */
export function listRuns(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<RunRow & { progress: RunProgress }>> {
  return store.runs.list(cursor, PAGE);
}

/** The trajectories of a run with their verdict counts. */
export function runTrajectories({ store }: Pick<Deps, "store">, runId: number, cursor: string | null) {
  return store.runs.trajectories(runId, cursor, PAGE);
}
