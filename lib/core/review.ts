import { segmentOf, type Judgement, type Verdict } from "./verdict";

export const decisions = ["approve", "veto", "promote", "withdraw"] as const;
export type Decision = (typeof decisions)[number];

/** What a decision is about: the step with that stepIndex, or the solution of that important state. */
export const reviewTargets = ["step", "solution"] as const;
export type ReviewTarget = (typeof reviewTargets)[number];

export const vetoReasons = [
  "wrong_action",
  "lucky",
  "unsafe",
  "not_needed",
  "bad_thought",
  "bad_evidence",
  "other",
] as const;

/** A person's decision; a fact. `version` counts the decisions on one target from 1. */
export type Review = {
  reviewId: number;
  target: ReviewTarget;
  targetIndex: number;
  decision: Decision;
  reason: string | null;
  note: string | null;
  verdictSeen: string | null;
  version: number;
  reviewer: string;
  at: Date;
};

/** What of a decision decides. */
export type Ballot = Pick<Review, "target" | "targetIndex" | "decision" | "version" | "reviewer" | "at">;

export const decisionStates = ["pending", "approved", "vetoed", "promoted"] as const;
export type DecisionState = (typeof decisionStates)[number];

export type Decided = { state: DecisionState; version: number; reviewer: string | null; at: Date | null };

/** Verdict after reviews: the miner's word stays, the person's decision stands beside it. */
export type EffectiveStep = {
  stepIndex: number;
  verdict: Verdict;
  recovery: boolean;
  decision: Decided;
};

/** Decisions per target, newest wins; `withdraw` returns a target to pending. */
export type EffectiveReviews = { steps: EffectiveStep[]; solutions: Map<number, Decided> };

/** Nobody has decided yet. */
export const pendingDecision: Decided = { state: "pending", version: 0, reviewer: null, at: null };

/**
 * Verdict after reviews for every step and solution.
 * @param length number of expert steps
 * @param reviews in any order; the highest version of a target decides
 * Source: eef.md section 4
 */
export function applyReviews(length: number, judgement: Judgement, reviews: Ballot[]): EffectiveReviews {
  const decided = newestOf(reviews);
  const steps = Array.from({ length }, (_, stepIndex) => {
    const segment = segmentOf(judgement.segments, stepIndex);
    return {
      stepIndex,
      verdict: segment?.verdict ?? "undecided",
      recovery: segment?.recovery ?? false,
      decision: decided("step", stepIndex),
    };
  });
  const solutions = new Map(
    judgement.solutions.map((s) => [s.stateIndex, decided("solution", s.stateIndex)]),
  );
  return { steps, solutions };
}

const states = { approve: "approved", veto: "vetoed", promote: "promoted", withdraw: "pending" } as const;

function newestOf(reviews: Ballot[]): (target: ReviewTarget, targetIndex: number) => Decided {
  const newest = new Map<string, Ballot>();
  for (const review of reviews) {
    const key = `${review.target} ${review.targetIndex}`;
    if (review.version > (newest.get(key)?.version ?? 0)) newest.set(key, review);
  }
  return (target, targetIndex) => {
    const last = newest.get(`${target} ${targetIndex}`);
    if (!last) return pendingDecision;
    return { state: states[last.decision], version: last.version, reviewer: last.reviewer, at: last.at };
  };
}

/**
 * What the trajectory list shows of one trajectory: steps per verdict, and how far its review is. To review are the
 * beneficial steps, and solutions without an expert part (the agent's own success).
 */
export function summarise(effective: EffectiveReviews, judgement: Judgement): VerdictSummary {
  const count = (verdict: Verdict) => effective.steps.filter((s) => s.verdict === verdict).length;
  const toReview = effective.steps.filter((s) => s.verdict === "beneficial");
  const ownSolutions = judgement.solutions.filter((s) => s.rolloutFrom !== null && s.expertPart === null);
  const open = [
    ...toReview.map((s) => s.decision.state),
    ...ownSolutions.map((s) => effective.solutions.get(s.stateIndex)?.state ?? "pending"),
  ];
  const reviewed = open.filter((state) => state !== "pending").length;
  return {
    beneficial: toReview.length,
    harmful: count("harmful"),
    redundant: count("redundant"),
    deadEnd: count("dead_end"),
    undecided: count("undecided"),
    toReview: open.length,
    reviewed,
    review:
      open.length === 0
        ? "none"
        : reviewed === 0
          ? "pending"
          : reviewed < open.length
            ? "partial"
            : "complete",
  };
}

export const reviewStates = ["none", "pending", "partial", "complete"] as const;

export type VerdictSummary = {
  beneficial: number;
  harmful: number;
  redundant: number;
  deadEnd: number;
  undecided: number;
  toReview: number;
  reviewed: number;
  review: (typeof reviewStates)[number];
};
