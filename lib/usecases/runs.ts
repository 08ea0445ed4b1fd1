import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { PAPER_ALPHA, PAPER_ATTEMPTS, PAPER_STATES, RULE_VERSION } from "@/lib/core/paper";
import { planProbes } from "@/lib/core/plan";
import { RunConfig } from "@/lib/core/run";
import { RunBudget } from "@/lib/core/run-budget";
import type { Page, PolicyRow, RunProgress, RunRow } from "@/lib/core/rows";
import { isFailedExpert } from "@/lib/core/trajectory";
import type { Deps } from "./deps";
import { connectPolicy } from "./policies";
import { refreshSummaries } from "./reviews";
import { resolveSelection, Selection } from "./selection";

const BATCH = 1000;
const PAGE = 50;

/** What a run mines, with what, and how hard. */
export const RunInput = z.strictObject({
  name: z.string().trim().max(200).default(""),
  policyId: z.number().int().positive(),
  selection: Selection,
  config: RunConfig.omit({ preset: true }).partial().default({}),
  alpha: z.number().min(0).max(1).default(PAPER_ALPHA),
  budget: RunBudget.prefault({}),
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
  const { maxCost } = input.budget;
  if (maxCost !== null && !policy.prices)
    throw new AppError("invalid_input", `policy “${row.name}” has no prices, so its cost cannot be limited`, {
      fix: "give the policy its prices per 1,000 tokens, or limit calls or tokens",
    });
  const config = RunConfig.parse({ ...input.config, preset: presetOf(input) });
  const run = await deps.store.runs.create({
    name: input.name || `${row.name} on ${failed.length} failures`,
    origin: "mined",
    policyId: row.policyId,
    checkpoint: policy.checkpoint,
    config,
    alpha: input.alpha,
    ruleVersion: RULE_VERSION,
    personId,
    budget: input.budget,
    prices: policy.prices ?? null,
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

/** The paper's set-up goes by its name only when it is the paper's: M = 5, k = 1, α = 0. */
function presetOf({ config, alpha }: z.output<typeof RunInput>): RunConfig["preset"] {
  const { states, attempts } = RunConfig.parse(config);
  const asInPaper = states === PAPER_STATES && attempts === PAPER_ATTEMPTS && alpha === PAPER_ALPHA;
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
  const moved = await store.runs.move(runId, ["queued", "running"], "cancelling");
  if (!moved) throw new AppError("conflict", `run ${runId} is not running`);
  await store.rollouts.cancelQueued(runId);
  const { rollouts } = await store.runs.progress(runId);
  if (rollouts.running === 0) await store.runs.move(runId, ["cancelling"], "cancelled");
}

/**
 * Goes on with a run that was cancelled or used up its budget, or tries the errored rollouts of a run again.
 * @param budget what it may spend in all from now on, what it has spent included; absent: as before
 * @returns how many trajectories are mined again
 */
export async function resumeRun(
  deps: Deps,
  runId: number,
  statuses: ("errored" | "cancelled")[],
  budget?: RunBudget,
): Promise<number> {
  const run = await deps.store.runs.get(runId);
  if (run.origin === "imported")
    throw new AppError("invalid_input", `run ${runId} is imported evidence; there is nothing to run here`);
  if (budget) await deps.store.runs.setBudget(runId, budget);
  const trajectoryIds = await deps.store.runs.requeue(runId, statuses);
  await enqueue(deps, runId, trajectoryIds);
  return trajectoryIds.length;
}

/** Moves the confidence a run asks for; verdicts follow from the stored rollouts, nothing is simulated again. */
export async function setAlpha(deps: Pick<Deps, "store">, runId: number, alpha: number): Promise<void> {
  await deps.store.runs.setAlpha(runId, alpha);
  let cursor: string | null = null;
  do {
    const page = await deps.store.runs.trajectories(runId, cursor, BATCH);
    const judged = page.rows.filter(({ state }) => state !== "queued" && state !== "running");
    await refreshSummaries(deps, { runId, alpha }, judged);
    cursor = page.next;
  } while (cursor !== null);
}

export type RunView = {
  run: RunRow;
  policy: PolicyRow | null;
  progress: RunProgress;
  errors: { code: string; message: string; rollouts: number; trajectoryId: number }[];
};

/** A run, how far it is, and what broke. @throws AppError not_found */
export async function runView({ store }: Pick<Deps, "store">, runId: number): Promise<RunView> {
  const run = await store.runs.get(runId);
  const [policy, progress, errors] = await Promise.all([
    run.policyId === null ? null : store.policies.get(run.policyId),
    store.runs.progress(runId),
    store.runs.errors(runId),
  ]);
  return { run, policy, progress, errors };
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
