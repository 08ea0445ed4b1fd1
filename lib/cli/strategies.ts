import { AppError } from "@/lib/core/errors";
import { pairWords, strategyPairs } from "@/lib/core/strategies/disagree";
import { strategyList } from "@/lib/core/strategies/registry";
import { sources } from "@/lib/core/trajectory";
import { critiqueHere } from "@/lib/jobs/critique-here";
import { askCritic } from "@/lib/usecases/critiques";
import { compareStrategies } from "@/lib/usecases/strategies";
import type { Context } from "./commands";
import { chosen } from "./mining";
import { environmentNamed, policyNamed } from "./setup";
import { oneOf, progress, readArguments, required, say, wholeNumber } from "./terminal";

/** Asks a critic about chosen trajectories, failed expert ones unless told otherwise. */
export async function critique({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, {
    policy: { type: "string" },
    trajectories: { type: "string" },
    environment: { type: "string" },
    source: { type: "string" },
    "no-wait": { type: "boolean" },
  });
  const environmentId =
    values.environment === undefined ? null : await environmentNamed(deps, values.environment);
  const source = oneOf("source", values.source, sources) ?? "expert";
  const { critiqueIds } = await askCritic(deps, person.personId, {
    policyId: await policyNamed(deps, required("policy", values.policy)),
    selection: chosen(values.trajectories, {
      source,
      success: source === "expert" ? false : null,
      environmentId,
    }),
  });
  if (!values["no-wait"]) await critiqueHere(deps, critiqueIds, terminal.signal, progress);
  const counts = await deps.store.critiques.counts(critiqueIds);
  const { completed, errored, queued, running } = counts;
  const waiting = queued + running;
  say(
    terminal,
    { critiqueIds, counts },
    `${completed} completed, ${errored} errored, ${waiting} waiting: an opinion, no rollout`,
  );
}

/** A table of what each strategy would train on of a run, before any review. */
export async function strategies({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { positionals } = readArguments(args, {});
  const newest =
    positionals[0] === undefined ? (await deps.store.runs.list(null, 1)).rows[0]?.runId : undefined;
  const runId = wholeNumber("RUN", positionals[0]) ?? newest;
  if (runId === undefined)
    throw new AppError("not_found", "there is no run yet", { fix: "mine, or import evidence" });
  const comparison = await compareStrategies(deps, runId);
  const row = (cells: (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(8) : String(cell).padStart(13))).join("");
  const totals = strategyList.map(({ name, label, level }) => {
    const { actions, tokens, trajectories, examples, undecided } = comparison.totals[name];
    return `${row([label, actions, tokens, trajectories, examples, undecided])}  ${level}`;
  });
  const pairs = strategyPairs.map((pair) => {
    const { actions, trajectories } = comparison.disagreements[pair];
    return `${pairWords(pair).padEnd(20)}${String(actions).padStart(6)} actions in ${trajectories} trajectories`;
  });
  const text = [
    `run ${runId}: ${comparison.trajectories} trajectories`,
    row(["", "actions", "about tokens", "trajectories", "examples", "undecided"]),
    ...totals,
    "disagree:",
    ...pairs,
  ].join("\n");
  say(terminal, { runId, ...comparison }, text);
}
