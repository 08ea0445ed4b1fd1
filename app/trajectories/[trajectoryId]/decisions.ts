import {
  isDecided,
  type Decision,
  type DecisionState,
  type Review,
  type ReviewTarget,
} from "@/lib/core/review";
import type { ReviewRows, StepRow } from "@/lib/core/review-rows";
import { stepRowsOf } from "@/lib/core/step-rows";

/** The page's rows with what they say of every step. */
export type DeskRows = ReviewRows & { steps: StepRow[] };

export function deskRows(rows: ReviewRows): DeskRows {
  return { ...rows, steps: stepRowsOf(rows) };
}

/** What a person asked for, before it is stored; `clientId` makes sending it twice harmless. */
export type Wish = {
  clientId: string;
  target: ReviewTarget;
  targetIndex: number;
  decision: Decision;
  reason: string | null;
  note: string | null;
};

/** A decision without reason or note, to be sent once. */
export function wishOf(target: ReviewTarget, targetIndex: number, decision: Decision): Wish {
  return { clientId: crypto.randomUUID(), target, targetIndex, decision, reason: null, note: null };
}

/** Why someone trains on an action that mining found harmful; stored as given. */
export const promoteReasons = ["evidence_is_wrong", "needed_later", "good_practice", "other"] as const;

const states: Record<Decision, DecisionState> = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "pending",
};

/** The page as it will be once these wishes are stored; what is trained follows with the server's answer. */
export function withWishes(rows: DeskRows, wishes: Wish[], at: Date): DeskRows {
  if (wishes.length === 0) return rows;
  const decide = <T extends { decision: StepRow["decision"] }>(
    row: T,
    target: ReviewTarget,
    index: number,
  ): T => {
    const wish = wishes.findLast((w) => w.target === target && w.targetIndex === index);
    if (!wish) return row;
    return { ...row, decision: { ...row.decision, state: states[wish.decision], reviewer: "you", at } };
  };
  const asked = wishes.map((wish, i): Review => {
    return { ...wish, reviewId: -1 - i, verdictSeen: null, version: 0, reviewer: "you", at };
  });
  return {
    ...rows,
    steps: rows.steps.map((step) => decide(step, "step", step.stepIndex)),
    solutions: rows.solutions.map((solution) => decide(solution, "solution", solution.stateIndex)),
    history: [...asked.reverse(), ...rows.history],
  };
}

/** How many decisions are stored on a target: what the next one must say it has seen. */
export function versionOf(rows: DeskRows, wish: Pick<Wish, "target" | "targetIndex">): number {
  const row =
    wish.target === "step"
      ? rows.steps[wish.targetIndex]
      : rows.solutions.find((s) => s.stateIndex === wish.targetIndex);
  return row?.decision.version ?? 0;
}

/** The wish that brings a target back to what is decided now: an undo is a new fact. */
export function restoring(rows: DeskRows, target: ReviewTarget, targetIndex: number, clientId: string): Wish {
  const last = rows.history.find((r) => r.target === target && r.targetIndex === targetIndex);
  // Taking back what ended a dispute opens it again.
  if (!last || last.decision === "dispute") return { ...wishOf(target, targetIndex, "withdraw"), clientId };
  const { decision, reason, note } = last;
  return { clientId, target, targetIndex, decision, reason, note };
}

/** Why a decision does not fit a step, as a sentence; null when it does. */
export function refusal(step: StepRow, decision: Decision): string | null {
  if (step.hidden)
    return decision === "promote" ? "Verdicts are hidden here: approve what should be trained on (a)." : null;
  if (step.verdict === null) return "This trajectory is not mined yet: there is nothing to decide.";
  if (decision === "approve" && step.verdict !== "beneficial")
    return `Step ${step.stepIndex} is ${step.verdict.replace("_", " ")}: only beneficial actions are approved. Promote it (p) to train on it all the same.`;
  if (decision === "promote" && step.verdict === "beneficial")
    return `Step ${step.stepIndex} is beneficial already: approve it (a).`;
  return null;
}

/** The steps a decision covers: one, or all that were judged together with it. */
export function scopeOf(rows: DeskRows, stepIndex: number, whole: boolean): StepRow[] {
  const step = rows.steps[stepIndex];
  if (!step) return [];
  const { from, to } = (whole ? step.segment : null) ?? { from: stepIndex, to: stepIndex + 1 };
  return rows.steps.slice(from, to);
}

/** A beneficial action nobody has decided on: what is left to review. */
export function isOpen(step: Pick<StepRow, "verdict" | "decision">): boolean {
  return step.verdict === "beneficial" && !isDecided(step.decision);
}

/** How much of a trajectory is reviewed: its beneficial actions, and the solutions that need no expert action. */
export function reviewProgress(rows: Pick<DeskRows, "steps" | "solutions">): {
  done: number;
  total: number;
} {
  const made = [
    ...rows.steps.filter((step) => step.hidden || step.verdict === "beneficial"),
    ...rows.solutions.filter((s) => s.rolloutFrom !== null && s.expertPart === null),
  ].map((row) => row.decision);
  return { done: made.filter(isDecided).length, total: made.length };
}

/** The nearest open step in a direction, or null at the end. */
export function nextOpen(steps: StepRow[], from: number, direction: 1 | -1): number | null {
  const ahead = direction === 1 ? steps.slice(from + 1) : steps.slice(0, from).reverse();
  return ahead.find(isOpen)?.stepIndex ?? null;
}
