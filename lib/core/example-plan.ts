import type { DecisionState, EffectiveReviews, EffectiveStep } from "./review";
import type { ReviewPolicy } from "./rows";
import type { Judgement } from "./verdict";

/** Which messages of one example are trained, before any text is rendered. */
export type ExamplePlan = {
  kind: "rft" | "eef" | "promoted";
  importantState: number | null;
  /** Expert steps 0..expertSteps-1 appear in the example, trained or as context. */
  expertSteps: number;
  /** Those of them that are trained, ascending. */
  trainedSteps: number[];
  /** The state whose chosen rollout follows, all of it trained; null when none does. */
  rolloutFrom: number | null;
};

/**
 * Which examples one mined trajectory gives under a review policy. `pending` is not approval, and `disputed` is trained
 * under no policy: under `approved` an expert action is trained once a person approved or promoted it, under `not_vetoed`
 * unless a person vetoed it. A solution none of whose expert actions survives trains its agent suffix only if a person approved the solution. A
 * harmful, redundant, dead-end or undecided action is trained only where a person promoted it, and only once.
 * @param includeUndecided takes solutions whose expert part is undecided, with its undecided actions as if they helped
 * @returns by important state, then the example of promoted actions that no solution contains
 * Source: eef.md section 4
 */
export function planExamples(
  judgement: Judgement,
  effective: EffectiveReviews,
  policy: ReviewPolicy,
  includeUndecided = false,
): ExamplePlan[] {
  const open = new Set(effective.steps.filter(isPromoted).map((s) => s.stepIndex));
  const plans: ExamplePlan[] = [];
  for (const solution of judgement.solutions) {
    if (solution.rolloutFrom === null || !(solution.confirmed || includeUndecided)) continue;
    const decision = effective.solutions.get(solution.stateIndex)?.state ?? "pending";
    if (keepsOut(decision)) continue;
    const part = solution.expertPart;
    const survivors = part
      ? effective.steps.slice(part.from, part.to).filter((s) => survives(s, policy, !solution.confirmed))
      : [];
    const kept =
      decision === "approved" || survivors.length > 0 || (part === null && policy === "not_vetoed");
    if (!kept) continue;
    const promoted = [...open].filter((stepIndex) => stepIndex < (solution.rolloutFrom ?? 0));
    promoted.forEach((stepIndex) => open.delete(stepIndex));
    plans.push({
      kind: part ? "eef" : "rft",
      importantState: solution.stateIndex,
      expertSteps: solution.rolloutFrom,
      trainedSteps: [...new Set([...survivors.map((s) => s.stepIndex), ...promoted])].sort((a, b) => a - b),
      rolloutFrom: solution.rolloutFrom,
    });
  }
  return [...plans, ...planOfPromoted([...open])];
}

/** The example of promoted actions that no solution contains; none where there are none. */
function planOfPromoted(stepIndexes: number[]): ExamplePlan[] {
  const trainedSteps = stepIndexes.sort((a, b) => a - b);
  const last = trainedSteps.at(-1);
  if (last === undefined) return [];
  return [{ kind: "promoted", importantState: null, expertSteps: last + 1, trainedSteps, rolloutFrom: null }];
}

/** Whether verdicts decide what it trains; an agent's own success from the start is one whatever mining says. */
export const restsOnVerdicts = ({ kind }: ExamplePlan): boolean => kind !== "rft";

/** Whether a decision keeps something out of every dataset, whatever the review policy. */
export const keepsOut = (state: DecisionState): boolean => state === "vetoed" || state === "disputed";

/** A person asked to train on an action that mining excluded. */
function isPromoted(step: EffectiveStep): boolean {
  return step.decision.state === "promoted" && step.verdict !== "beneficial";
}

function survives(step: EffectiveStep, policy: ReviewPolicy, takesUndecided: boolean): boolean {
  if (step.verdict !== "beneficial" && !(takesUndecided && step.verdict === "undecided")) return false;
  if (step.decision.state === "approved" || step.decision.state === "promoted") return true;
  return policy === "not_vetoed" && step.decision.state === "pending";
}
