import { pendingDecision } from "./review";
import type { ReviewRows, StepRow, Stretch } from "./review-rows";

/** The steps of a trajectory with what its segments and decisions say of them, ascending. */
export function stepRowsOf(
  rows: Pick<ReviewRows, "segments" | "decisions" | "trained" | "hidden"> & {
    trajectory: { stepCount: number };
  },
): StepRow[] {
  const { hidden } = rows;
  const steps = Array.from({ length: rows.trajectory.stepCount }, (_, stepIndex): StepRow => {
    const trained = { approved: false, not_vetoed: false };
    const nothing = { segment: null, verdict: null, recovery: false, decision: pendingDecision };
    return { stepIndex, hidden, ...nothing, trained };
  });
  const within = ({ from, to }: Stretch) => steps.slice(from, to);
  for (const segment of rows.segments)
    for (const step of within(segment)) {
      step.segment = segment;
      step.verdict = segment.verdict;
      step.recovery = segment.recovery;
    }
  for (const { stepIndex, decision } of rows.decisions) {
    const step = steps[stepIndex];
    if (step) step.decision = decision;
  }
  for (const policy of ["approved", "not_vetoed"] as const)
    for (const stretch of rows.trained[policy])
      for (const step of within(stretch)) step.trained[policy] = true;
  return steps;
}

/** Ascending, unique indexes as the fewest stretches. */
export function stretchesOf(indexes: number[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last?.to === index) last.to = index + 1;
    else stretches.push({ from: index, to: index + 1 });
  }
  return stretches;
}
