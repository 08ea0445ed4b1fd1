import type { Example } from "@/lib/core/example";
import type { ExportColumn, ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { actionOf } from "./action";

const columns = [
  { name: "environment", type: "string" },
  { name: "subtask", type: "string" },
  { name: "trajectory", type: "string" },
  { name: "trajectory_id", type: "integer" },
  { name: "source", type: "string" },
  { name: "rollout_state", type: "integer" },
  { name: "rollout_attempt", type: "integer" },
  { name: "step", type: "integer" },
  { name: "action", type: "string" },
  { name: "verdict", type: "string" },
  { name: "decision", type: "string" },
  { name: "reviewer", type: "string" },
  { name: "trained", type: "boolean" },
  { name: "successes_before", type: "integer" },
  { name: "attempts_before", type: "integer" },
  { name: "successes_after", type: "integer" },
  { name: "attempts_after", type: "integer" },
  { name: "checkpoint", type: "string" },
  { name: "rule_version", type: "string" },
] as const satisfies readonly ExportColumn[];

type Turn = Example["provenance"]["turns"][number];

function key({ provenance }: Example, { source, stepIndex }: Turn): string {
  const { rollout, trajectoryId } = provenance;
  if (source === "expert" || rollout === null) return `${source} ${trajectoryId} ${stepIndex}`;
  return `agent ${rollout.runId} ${rollout.stateIndex} ${rollout.attempt} ${stepIndex}`;
}

/** Trained in any example of the trajectory: the action has one row, wherever the dataset uses it. */
function isTrained(turn: Turn, of: Example, siblings: readonly Example[]): boolean {
  return [of, ...siblings].some((each) =>
    each.provenance.turns.some((other) => other.train && key(each, other) === key(of, turn)),
  );
}

function rowOf(example: Example, turn: Turn, { siblings }: ExportContext): Record<string, unknown> {
  const { provenance } = example;
  const message = example.messages[turn.messageIndex];
  const isAgent = turn.source === "agent";
  const at = (stateIndex: number) =>
    isAgent ? undefined : provenance.evidence.find((state) => state.stateIndex === stateIndex);
  const [before, after] = [at(turn.stepIndex), at(turn.stepIndex + 1)];
  return {
    environment: example.environment,
    subtask: example.subtaskKey,
    trajectory: provenance.trajectory,
    trajectory_id: provenance.trajectoryId,
    source: turn.source,
    rollout_state: isAgent ? (provenance.rollout?.stateIndex ?? null) : null,
    rollout_attempt: isAgent ? (provenance.rollout?.attempt ?? null) : null,
    step: turn.stepIndex,
    action: message ? actionOf(message) : "",
    verdict: turn.verdict,
    decision: turn.decision,
    reviewer: turn.reviewer,
    trained: isTrained(turn, example, siblings),
    successes_before: before?.successes ?? null,
    attempts_before: before?.attempts ?? null,
    successes_after: after?.successes ?? null,
    attempts_after: after?.attempts ?? null,
    checkpoint: provenance.checkpoint,
    rule_version: provenance.ruleVersion,
  };
}

function rows(example: Example, context: ExportContext): ExportRow[] {
  const nowhere = example.messages.map(() => null);
  return example.provenance.turns
    .filter((turn) => context.first(key(example, turn)))
    .map((turn) => ({ value: rowOf(example, turn, context), positions: nowhere, trained: [] }));
}

const table = {
  family: "view",
  shape: "table",
  mask: "column `trained`; evidence is empty where the state before or after the action was not probed",
  needs: "siblings",
  truncation: null,
  command: null,
  rows,
  files: () => [],
} as const satisfies Partial<Exporter>;

/** Every action of the dataset's examples once, with its verdict, decision and evidence, for a spreadsheet. */
export const verdictsCsv: Exporter = {
  ...table,
  format: "verdicts-csv",
  title: "Verdicts as CSV",
  encoding: { kind: "csv", columns },
  dataFile: (split) => `${split}.csv`,
};

/** The same table as Parquet, with types. */
export const verdictsParquet: Exporter = {
  ...table,
  format: "verdicts-parquet",
  title: "Verdicts as Parquet",
  encoding: { kind: "parquet", columns },
  dataFile: (split) => `${split}.parquet`,
};
