import type { Example } from "@/lib/core/example";
import type { RowExporter } from "./row-exporter";
import { trimmed } from "./trimmed";

/** Name of the sidecar that belongs to an export file. */
export function provenanceFileName({ fileName }: Pick<RowExporter, "fileName">): string {
  return fileName.replace(/\.jsonl$/, ".provenance.jsonl");
}

/**
 * Where one exported line comes from: one JSON line without the newline.
 * @param line  1-based line in the export file
 */
export function provenanceLine(example: Example, line: number, exporter: RowExporter): string {
  const { kind, environment, subtaskKey, provenance } = trimmed(example);
  const { rollout } = provenance;
  const positions = exporter.positions(example);
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
    evidence: provenance.evidence.map(({ stateIndex, attempts, successes }) => ({
      stateIndex,
      attempts,
      successes,
    })),
    turns: provenance.turns.map((turn) => ({
      message: positions[turn.messageIndex] ?? null,
      source: turn.source,
      stepIndex: turn.stepIndex,
      verdict: turn.verdict,
      decision: turn.decision,
      reviewer: turn.reviewer,
      train: turn.train,
    })),
  });
}
