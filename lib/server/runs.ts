import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import { RunBudget } from "@/lib/core/run-budget";
import { MOST_MIN_ATTEMPTS } from "@/lib/core/rule";
import * as runs from "@/lib/usecases/runs";
import { defineAction } from "./action";
import { deps } from "./deps";

export type { RunPlan, RunView } from "@/lib/usecases/runs";

const RunId = z.strictObject({ runId: z.number().int().positive() });
const Raised = RunId.extend({ budget: RunBudget });
const Rule = z.strictObject({ ...RunId.shape, ...runs.RuleInput.shape });

/** What a run asks of evidence, as an address says it. */
export const RuleQuery = z.strictObject({
  ...runs.RuleInput.shape,
  alpha: z.coerce.number().min(0).max(1),
  minAttempts: z.coerce.number().int().min(1).max(MOST_MIN_ATTEMPTS),
});

/** What a run would cost, before it is started. */
export const planRun = defineAction(runs.RunInput, (input) => runs.planRun(deps(), input));

/** Starts a run; answers where to look. */
export const startRun = defineAction(runs.RunInput, async (input, person) => {
  const { runId } = await runs.startRun(deps(), person.personId, input);
  return { runId };
});

export const cancelRun = defineAction(RunId, async ({ runId }) => {
  await runs.cancelRun(deps(), runId);
  refresh();
});

export const pauseRun = defineAction(RunId, async ({ runId }) => {
  await runs.pauseRun(deps(), runId);
  refresh();
});

export const unpauseRun = defineAction(RunId, async ({ runId }) => {
  const trajectories = await runs.unpauseRun(deps(), runId);
  refresh();
  return { trajectories };
});

export const resumeRun = defineAction(RunId, async ({ runId }) => {
  const trajectories = await runs.resumeRun(deps(), runId, ["cancelled"]);
  refresh();
  return { trajectories };
});

/** Goes on with a run that its budget ended, under another one. */
export const raiseRunBudget = defineAction(Raised, async ({ runId, budget }) => {
  const trajectories = await runs.resumeRun(deps(), runId, ["cancelled"], budget);
  refresh();
  return { trajectories };
});

export const retryErrored = defineAction(RunId, async ({ runId }) => {
  const trajectories = await runs.resumeRun(deps(), runId, ["errored"]);
  refresh();
  return { trajectories };
});

/** Moves what a run asks of evidence; verdicts follow from what is stored. */
export const setRule = defineAction(Rule, async ({ runId, ...rule }) => {
  await runs.setRule(deps(), runId, rule);
  refresh();
});
