import { judgeRun, previewOf, textsOf, type RunPreview } from "@/lib/core/run-preview";
import type { VerdictRule } from "@/lib/core/rule";
import type { Deps } from "./deps";

/**
 * What a rule would make of a run's stored evidence: verdicts, how many of them are expected to be wrong, and what would
 * be trained on. Nothing is simulated and nothing stored; trajectories that are still being mined are left out.
 * @throws AppError not_found
 */
export async function previewRule(
  { store }: Pick<Deps, "store">,
  runId: number,
  rule: VerdictRule,
): Promise<RunPreview> {
  const judged = judgeRun(await store.runs.evidence(runId), rule);
  return previewOf(judged, await store.runs.textLengths(runId, textsOf(judged)), rule);
}
