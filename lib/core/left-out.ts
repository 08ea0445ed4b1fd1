import type { DatasetCard } from "./dataset";
import type { LeftOut, Refusal } from "./dataset-recipe";
import type { ExamplePlan } from "./example-plan";
import type { EffectiveReviews, EffectiveStep } from "./review";
import type { Solution } from "./solution";
import type { Judgement } from "./verdict";

/** What one judgement came to: its examples, and those of its solutions that give none. */
export type Judged = { judgement: Judgement; effective: EffectiveReviews; plans: ExamplePlan[] };

/** Why each solution of a judgement that gives no example is left out. */
export function leftOutOf(trajectoryId: number, { judgement, effective, plans }: Judged): LeftOut[] {
  return judgement.solutions
    .filter(({ stateIndex }) => !plans.some((plan) => plan.importantState === stateIndex))
    .map((solution) => ({
      trajectoryId,
      importantState: solution.stateIndex,
      ...reasonOf(solution, effective),
    }));
}

function reasonOf(solution: Solution, effective: EffectiveReviews): Pick<LeftOut, "reason" | "reviewer"> {
  if (solution.rolloutFrom === null) return { reason: "unsolved", reviewer: null };
  if (!solution.confirmed) return { reason: "undecided", reviewer: null };
  const decision = effective.solutions.get(solution.stateIndex);
  if (decision?.state === "vetoed") return { reason: "vetoed", reviewer: decision.reviewer };
  const steps = partOf(solution, effective);
  const veto = steps.find((step) => step.decision.state === "vetoed");
  const none = steps.every(({ decision: { state } }) => state === "vetoed" || state === "disputed");
  if (veto && none) return { reason: "vetoed", reviewer: veto.decision.reviewer };
  return { reason: "notApproved", reviewer: null };
}

const partOf = ({ expertPart }: Solution, effective: EffectiveReviews): EffectiveStep[] =>
  expertPart ? effective.steps.slice(expertPart.from, expertPart.to) : [];

/**
 * Approvals that an undecided verdict would lose: a person approved an action, or a solution, that the evidence does not
 * confirm (any more). Such a solution is never left out in silence.
 */
export function lostApprovals(trajectoryId: number, { judgement, effective, plans }: Judged): Refusal[] {
  return judgement.solutions.flatMap((solution): Refusal[] => {
    const importantState = solution.stateIndex;
    if (solution.rolloutFrom === null || solution.confirmed) return [];
    if (plans.some((plan) => plan.importantState === importantState)) return [];
    const whole = effective.solutions.get(importantState);
    if (whole?.state === "vetoed") return [];
    const approved = approvedIn(partOf(solution, effective));
    const by =
      (whole?.state === "approved" ? whole.reviewer : null) ?? approved[0]?.decision.reviewer ?? null;
    if (approved.length === 0 && whole?.state !== "approved") return [];
    const base = { trajectoryId, importantState, reason: "undecided", reviewer: null } as const;
    return [{ ...base, doubt: "undecided", approved: approved.map((s) => s.stepIndex), approvedBy: by }];
  });
}

/** Steps of some that a person approved or promoted. */
export const approvedIn = (steps: EffectiveStep[]): EffectiveStep[] =>
  steps.filter(({ decision: { state } }) => state === "approved" || state === "promoted");

/**
 * Approved actions that no plan trains, because evidence that came after the approval does not call them beneficial any
 * more. (Nothing else can be approved.) Those of an undecided expert part are `lostApprovals`.
 */
export function overruledIn({ judgement, effective, plans }: Judged): EffectiveStep[] {
  const parts = judgement.solutions.flatMap(({ expertPart }) => expertPart ?? []);
  return effective.steps.filter(({ stepIndex, verdict, decision }) => {
    if (decision.state !== "approved" || verdict === "beneficial") return false;
    const isOpen =
      verdict === "undecided" && parts.some(({ from, to }) => from <= stepIndex && stepIndex < to);
    return !isOpen && !plans.some(({ trainedSteps }) => trainedSteps.includes(stepIndex));
  });
}

/** Counts what one judgement solved, and what of it is left out. */
export function countJudged(card: DatasetCard, judged: Judged, leftOut: LeftOut[]): void {
  const { judgement } = judged;
  card.overruled += overruledIn(judged).length;
  if (judgement.solutions.some((s) => s.rolloutFrom !== null)) card.waterfall.withSolution += 1;
  for (const { reason } of leftOut) card.leftOut[reason] += 1;
}
