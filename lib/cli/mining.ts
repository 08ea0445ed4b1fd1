import { AppError, wrongFields } from "@/lib/core/errors";
import { projectCost, spentBy, type Amount } from "@/lib/core/project";
import { RunBudget } from "@/lib/core/run-budget";
import { ruleVersions } from "@/lib/core/rule";
import { mineHere } from "@/lib/jobs/mine-here";
import {
  cancelRun,
  listRuns,
  pauseRun,
  planRun,
  resumeRun,
  unpauseRun,
  RunInput,
  runView,
  type RunView,
  startRun,
} from "@/lib/usecases/runs";
import { Filter, type Selection } from "@/lib/usecases/selection";
import { verdictReports } from "@/lib/usecases/verdicts";
import type { Context } from "./commands";
import { environmentNamed, policyNamed } from "./setup";
import { money, oneOf, progress, rate, readArguments, required, say, wholeNumber } from "./terminal";

/** Trajectories named on the command line, or everything a filter matches. @throws AppError invalid_input */
export function chosen(ids: string | undefined, filter: Partial<Filter>): Selection {
  if (ids === undefined) return { filter: Filter.parse(filter) };
  const trajectoryIds = ids.split(",").map((id) => wholeNumber("trajectories", id.trim()) ?? 0);
  return { trajectoryIds };
}

const budgetOptions = {
  "budget-calls": { type: "string" },
  "budget-tokens": { type: "string" },
  "budget-cost": { type: "string" },
} as const;

type BudgetValues = { [Option in keyof typeof budgetOptions]?: string | undefined };

/** What a run may spend in all, as the command line says it; what is not said is as in `before`. */
function budgetFrom(values: BudgetValues, before?: RunBudget): RunBudget {
  const said = {
    maxCalls: wholeNumber("budget-calls", values["budget-calls"]) ?? before?.maxCalls,
    maxTokens: wholeNumber("budget-tokens", values["budget-tokens"]) ?? before?.maxTokens,
    maxCost: money("budget-cost", values["budget-cost"]) ?? before?.maxCost,
  };
  const budget = RunBudget.safeParse(said);
  if (budget.success) return budget.data;
  throw new AppError("invalid_input", wrongFields(budget.error));
}

const saysBudget = (values: BudgetValues): boolean =>
  Object.keys(budgetOptions).some((option) => option in values);

export async function mine(context: Context, args: string[]): Promise<void> {
  const { deps, person, terminal } = context;
  const { values } = readArguments(args, {
    policy: { type: "string" },
    environment: { type: "string" },
    trajectories: { type: "string" },
    preset: { type: "string" },
    states: { type: "string" },
    attempts: { type: "string" },
    alpha: { type: "string" },
    "min-attempts": { type: "string" },
    rule: { type: "string" },
    "max-steps": { type: "string" },
    seed: { type: "string" },
    name: { type: "string" },
    ...budgetOptions,
    "no-wait": { type: "boolean" },
  });
  const environmentId =
    values.environment === undefined ? null : await environmentNamed(deps, values.environment);
  const input = RunInput.parse({
    policyId: await policyNamed(deps, required("policy", values.policy)),
    selection: chosen(values.trajectories, { source: "expert", success: false, environmentId }),
    name: values.name,
    preset: values.preset,
    config: {
      states: wholeNumber("states", values.states),
      attempts: wholeNumber("attempts", values.attempts),
      maxSteps: wholeNumber("max-steps", values["max-steps"]),
      seed: wholeNumber("seed", values.seed),
    },
    alpha: rate("alpha", values.alpha),
    minAttempts: wholeNumber("min-attempts", values["min-attempts"]),
    ruleVersion: oneOf("rule", values.rule, ruleVersions),
    budget: budgetFrom(values),
  });
  const { calls, maxCalls, rollouts: about } = await planRun(deps, input);
  const { runId, name } = await startRun(deps, person.personId, input);
  progress(`run ${runId}: ${name}; about ${about} rollouts and ${calls} calls, at most ${maxCalls} calls`);
  if (!values["no-wait"]) await mineHere(deps, runId, terminal.signal, progress);
  const view = await runView(deps, runId);
  const { rollouts, verdicts: found } = view.progress;
  say(
    terminal,
    view,
    `run ${runId} ${view.run.state}: ${rollouts.completed} rollouts, ${rollouts.errored} errored; ${JSON.stringify(found)}${conditionLines(view)}`,
  );
}

export async function runs({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { positionals, values } = readArguments(args, budgetOptions);
  const [verb, id] = positionals;
  if (verb === undefined) {
    const { rows } = await listRuns(deps, null);
    const line = (r: (typeof rows)[number]) => `${r.runId}  ${r.state}  ${r.name}  ${r.checkpoint}`;
    return say(terminal, rows, rows.map(line).join("\n") || "no runs yet");
  }
  const runId = required("RUN", wholeNumber("RUN", id));
  if (verb === "show") {
    const view = await runView(deps, runId);
    return say(terminal, view, showLines(view).join("\n"));
  }
  if (verb === "cancel") await cancelRun(deps, runId);
  else if (verb === "pause") await pauseRun(deps, runId);
  else if (verb === "resume") await goOn(deps, runId, values);
  else if (verb === "retry") await resumeRun(deps, runId, ["errored"]);
  else
    throw new AppError("invalid_input", `there is no “runs ${verb}”`, {
      fix: "use show, pause, cancel, resume or retry",
    });
  const view = await runView(deps, runId);
  say(terminal, view, `run ${runId} ${view.run.state}${conditionLines(view)}`);
}

/** What holds a run up and what to do, below what is said of it. */
function conditionLines({ condition }: RunView): string {
  return condition === null ? "" : `\n${condition.kind}: ${condition.reason}\nfix: ${condition.fix}`;
}

function showLines(view: RunView): string[] {
  const { run, progress: far, activity } = view;
  const { completed, errored, queued, running } = far.rollouts;
  const spent = spentBy(run, far);
  const ahead = run.finishedAt === null ? projectCost(run, far) : null;
  const amount = ({ calls, tokens, money }: Amount) =>
    `${Math.round(calls)} calls, ${Math.round(tokens)} tokens${money === null ? "" : `, ${money.toFixed(4)} money`}`;
  return [
    `run ${run.runId} ${run.state}${run.endReason ? ` (${run.endReason})` : ""}: ${run.name}${conditionLines(view)}`,
    `rollouts: ${completed} done, ${errored} errored, ${running} running, ${queued} queued`,
    `spent: ${amount(spent)}`,
    ...(ahead ? [`in all: about ${amount(ahead.about)}; at most ${amount(ahead.most)}`] : []),
    ...activity.workers.map(
      ({ owner, running: held, done, lostLeases }) =>
        `worker ${owner}: ${held} in hand, ${done} done in 5 minutes, ${lostLeases} leases lost`,
    ),
  ];
}

/** Goes on with a run, whatever it was that held it: a pause, a cancellation, its budget, or what made it fail. */
async function goOn(deps: Context["deps"], runId: number, values: BudgetValues): Promise<void> {
  const { state, budget } = await deps.store.runs.get(runId);
  if (state === "paused" && !saysBudget(values)) return void (await unpauseRun(deps, runId));
  const raised = saysBudget(values) ? budgetFrom(values, budget) : undefined;
  await resumeRun(deps, runId, state === "failed" ? ["errored", "cancelled"] : ["cancelled"], raised);
  if (state === "paused") await unpauseRun(deps, runId);
}

export async function verdicts({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, { run: { type: "string" }, trajectory: { type: "string" } });
  const newest = values.run === undefined ? (await deps.store.runs.list(null, 1)).rows[0]?.runId : undefined;
  const runId = wholeNumber("run", values.run) ?? newest;
  if (runId === undefined)
    throw new AppError("not_found", "there is no run yet", { fix: "mine, or import evidence" });
  const reports = verdictReports(deps, runId, wholeNumber("trajectory", values.trajectory) ?? null);
  if (terminal.json) {
    let first = true;
    for await (const report of reports) {
      process.stdout.write((first ? "[" : ",\n") + JSON.stringify(report));
      first = false;
    }
    process.stdout.write((first ? "[" : "") + "]\n");
    return;
  }
  for await (const report of reports) {
    const states = report.states.map((s) => `${s.state}:${s.x}/${s.n}`).join(" ");
    process.stdout.write(`${report.trajectoryId}  ${report.subtaskKey}  states ${states}\n`);
    for (const action of report.actions)
      process.stdout.write(
        `    ${action.step}  ${action.verdict}${action.recovery ? " (recovery)" : ""}  ${action.action.slice(0, 100)}\n`,
      );
  }
}
