import { z } from "zod";
import type { IterationKey } from "@/lib/core/campaign-store";
import { costAssumption, estimateCost, type Cost } from "@/lib/core/cost";
import { AppError } from "@/lib/core/errors";
import type { EndpointRow } from "@/lib/core/endpoint";
import { judgeStates } from "@/lib/core/judge";
import { buyRollouts, doubtsOf, type Purchase } from "@/lib/core/more-rollouts";
import { PAPER_ALPHA, PAPER_ATTEMPTS, PAPER_STATES } from "@/lib/core/paper";
import { isAdaptive } from "@/lib/core/planner";
import { CarefulConfig, FindConfig } from "@/lib/core/presets";
import { ADAPTIVE_RULE, MOST_MIN_ATTEMPTS, paperRule, ruleVersions, type VerdictRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import { conditionOf, type RunCondition } from "@/lib/core/run-condition";
import { RunBudget } from "@/lib/core/run-budget";
import type { Page, PolicyRow, RunActivity, RunFault, RunProgress, RunRow } from "@/lib/core/rows";
import type { Deps } from "./deps";
import { endpointOf } from "./endpoints";
import { connectPolicy } from "./policies";
import { enqueue, failedExperts, planAll } from "./run-plan";
import { demandRoom, unspent } from "./run-room";
import { Selection } from "./selection";

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
  /** Which probes are planned and when it stops; absent: the paper's where the numbers are, else uniform. */
  preset: z.enum(["paper", "uniform", "careful", "find"]).optional(),
  config: RunConfig.omit({ preset: true }).partial().default({}),
  ...RuleInput.shape,
  /** Absent, as is the rule's version: what the preset asks. */
  alpha: z.number().min(0).max(1).optional(),
  ruleVersion: z.enum(ruleVersions).optional(),
  budget: RunBudget.prefault({}),
});
export type RunInput = z.input<typeof RunInput>;

export type RunPlan = Cost & { trajectories: number; skipped: number; assumption: string };

/** What a run would do, before it is started: rollouts and model calls, about and at most. */
export async function planRun(deps: Pick<Deps, "store">, input: z.output<typeof RunInput>): Promise<RunPlan> {
  const { config } = settle(input);
  const { failed, skipped } = await failedExperts(deps, input.selection);
  const cost = estimateCost(
    failed.map(({ stepCount }) => stepCount),
    config,
  );
  return { trajectories: failed.length, skipped, ...cost, assumption: costAssumption };
}

/**
 * Starts mining: writes the run and its planned rollouts, then hands one job per trajectory to the workers.
 * @param iteration the iteration of a campaign that mines with it
 * @throws AppError invalid_input when the selection holds no failed expert trajectory
 */
export async function startRun(
  deps: Deps,
  personId: number,
  input: z.output<typeof RunInput>,
  iteration?: IterationKey,
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
      fix: "give the policy the prices of its tokens, or limit calls or tokens",
    });
  const { config, ...rule } = settle(input);
  demandRoom(input.budget, policy.prices ?? null, unspent, config.maxSteps);
  const run = await deps.store.runs.create({
    name: input.name || `${row.name} on ${failed.length} failures`,
    origin: "mined",
    policyId: row.policyId,
    checkpoint: policy.checkpoint,
    config,
    ...rule,
    personId,
    budget: input.budget,
    prices: policy.prices ?? null,
    iteration,
  });
  await planAll(deps, run, failed);
  return run;
}

/**
 * The run that is asked for, with everything decided. The paper's set-up goes by its name only when it is the paper's:
 * M = 5, k = 1, α = 0.
 * @throws AppError invalid_input when it is called the paper's and is not
 */
function settle(input: z.output<typeof RunInput>): VerdictRule & { config: RunConfig } {
  const { preset, config, minAttempts } = input;
  const ruleVersion =
    input.ruleVersion ?? (preset && isAdaptive(preset) ? ADAPTIVE_RULE : paperRule.ruleVersion);
  if (preset === "careful") {
    const careful = CarefulConfig.parse(config.careful ?? {});
    const settled = RunConfig.parse({ ...config, preset, careful, find: undefined });
    return { config: settled, alpha: input.alpha ?? careful.confirm, minAttempts, ruleVersion };
  }
  if (preset === "find") {
    const find = FindConfig.parse(config.find ?? {});
    const settled = RunConfig.parse({ ...config, preset, find, careful: undefined });
    return { config: settled, alpha: input.alpha ?? find.confirm, minAttempts, ruleVersion };
  }
  const settled = RunConfig.parse({ ...config, careful: undefined, find: undefined });
  const alpha = input.alpha ?? PAPER_ALPHA;
  const asInPaper =
    settled.states === PAPER_STATES &&
    settled.attempts === PAPER_ATTEMPTS &&
    alpha === PAPER_ALPHA &&
    minAttempts === 1;
  if (preset === "paper" && !asInPaper)
    throw new AppError(
      "invalid_input",
      `the paper's preset is M = ${PAPER_STATES}, k = ${PAPER_ATTEMPTS}, α = ${PAPER_ALPHA}`,
      { fix: "leave states, attempts and alpha out, or use preset uniform" },
    );
  return { config: { ...settled, preset: asInPaper ? "paper" : "uniform" }, alpha, minAttempts, ruleVersion };
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
  if (budget) {
    const { budget: _, prices, ...spending } = await deps.store.runs.ledger(runId);
    demandRoom(budget, prices, spending, run.config.maxSteps);
    await deps.store.runs.setBudget(runId, budget);
  }
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
    const judgedIds = judged.map(({ trajectoryId }) => trajectoryId);
    await deps.store.reviews.recount(runId, judgedIds);
    await deps.store.disagreements.refresh(runId, judgedIds);
    cursor = page.next;
  } while (cursor !== null);
}

export type RunView = {
  run: RunRow;
  policy: PolicyRow | null;
  progress: RunProgress;
  errors: RunFault[];
  activity: RunActivity;
  /** How its model server stands; null where there is none. */
  endpoint: EndpointRow | null;
  /** What holds it up or ended it early, and what to do; null where all is well. */
  condition: RunCondition | null;
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
  const endpoint = await endpointOf({ store }, policy);
  const condition = conditionOf({ run, progress, errors, endpoint });
  return { run, policy, progress, errors, activity, endpoint, condition };
}

/** Runs, newest first, each with its progress. */
export function listRuns(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
  limit = PAGE,
): Promise<Page<RunRow & { progress: RunProgress }>> {
  return store.runs.list(cursor, limit);
}

/** The trajectories of a run with their verdict counts. */
export function runTrajectories({ store }: Pick<Deps, "store">, runId: number, cursor: string | null) {
  return store.runs.trajectories(runId, cursor, PAGE);
}

/**
 * What so many more rollouts are expected to settle of what a run left undecided.
 * @throws AppError not_found
 */
export async function moreRollouts(
  { store }: Pick<Deps, "store">,
  runId: number,
  budget: number,
): Promise<Purchase> {
  const run = await store.runs.get(runId);
  const doubts = (await store.runs.evidence(runId)).flatMap(({ stepCount, states, diverged }) =>
    doubtsOf(judgeStates(stepCount, states, diverged, run).segments),
  );
  return buyRollouts(doubts, run.alpha, budget);
}
