import type { Example } from "@/lib/core/example";
import type { ExportRow } from "@/lib/core/ports";

/** Name of the sidecar that belongs to a data file. */
export function provenanceFileName(dataFile: string): string {
  return `${dataFile.replace(/\.[a-z]+$/, "")}.provenance.jsonl`;
}

/**
 * Where one exported line comes from: one JSON line without the newline.
 * @param example trimmed, as the row was made from it
 * @param line  1-based line in the data file
 */
export function provenanceLine(example: Example, row: ExportRow, line: number): string {
  const { kind, environment, subtaskKey, provenance } = example;
  const { rollout } = provenance;
  const trained = new Set(row.trained);
  return JSON.stringify({
    line,
    kind,
    environment,
    subtaskKey,
    trajectory: provenance.trajectory,
    trajectoryId: provenance.trajectoryId,
    importantState: provenance.importantState,
    rollout: rollout && { runId: rollout.runId, stateIndex: rollout.stateIndex, attempt: rollout.attempt },
    checkpoint: provenance.checkpoint,
    ruleVersion: provenance.ruleVersion,
    ...(row.because ? { because: row.because } : {}),
    evidence: provenance.evidence.map(({ stateIndex, attempts, successes }) => ({
      stateIndex,
      attempts,
      successes,
    })),
    turns: provenance.turns.flatMap((turn) =>
      turnOf(turn, row.positions[turn.messageIndex] ?? null, trained),
    ),
  });
}

type Turn = Example["provenance"]["turns"][number];

/** Nothing where the row does not hold the turn. */
function turnOf(turn: Turn, message: number | null, trained: Set<number>) {
  if (message === null) return [];
  return [
    {
      message,
      source: turn.source,
      stepIndex: turn.stepIndex,
      verdict: turn.verdict,
      decision: turn.decision,
      reviewer: turn.reviewer,
      train: trained.has(turn.messageIndex),
    },
  ];
}
