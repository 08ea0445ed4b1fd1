import { segmentOf, type Judgement, type Verdict } from "./verdict";

export const decisions = ["approve", "veto", "promote", "withdraw"] as const;
export type Decision = (typeof decisions)[number];

/** `dispute` is nobody's decision: the votes of a review queue on this target differ. */
export const recordedDecisions = [...decisions, "dispute"] as const;
export type RecordedDecision = (typeof recordedDecisions)[number];

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
  decision: RecordedDecision;
  reason: string | null;
  note: string | null;
  verdictSeen: string | null;
  version: number;
  reviewer: string;
  at: Date;
};

/** What of a decision decides. */
export type Ballot = Pick<Review, "target" | "targetIndex" | "decision" | "version" | "reviewer" | "at">;

export const decisionStates = ["pending", "approved", "vetoed", "promoted", "disputed"] as const;
export type DecisionState = (typeof decisionStates)[number];

export type Decided = { state: DecisionState; version: number; reviewer: string | null; at: Date | null };

/** Verdict after reviews: the miner's word stays, the person's decision stands beside it. */
export type EffectiveStep = {
  stepIndex: number;
  verdict: Verdict;
  recovery: boolean;
  decision: Decided;
};

/** Decisions per target, newest wins; `withdraw` returns a target to pending, a disputed one to its dispute. */
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

/** Where each decision leaves what it is about. */
export const stateAfter = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "pending",
  dispute: "disputed",
} as const;

/** Whether somebody decided: a dispute is open until somebody does. */
export const isDecided = ({ state }: Pick<Decided, "state">) => state !== "pending" && state !== "disputed";

function newestOf(reviews: Ballot[]): (target: ReviewTarget, targetIndex: number) => Decided {
  const newest = new Map<string, Ballot>();
  const disputed = new Set<string>();
  for (const review of reviews) {
    const key = `${review.target} ${review.targetIndex}`;
    if (review.decision === "dispute") disputed.add(key);
    if (review.version > (newest.get(key)?.version ?? 0)) newest.set(key, review);
  }
  return (target, targetIndex) => {
    const key = `${target} ${targetIndex}`;
    const last = newest.get(key);
    if (!last) return pendingDecision;
    const { decision, version, reviewer, at } = last;
    const reopened = decision === "withdraw" && disputed.has(key);
    return { state: reopened ? "disputed" : stateAfter[decision], version, reviewer, at };
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
    ...toReview.map((s) => s.decision),
    ...ownSolutions.map((s) => effective.solutions.get(s.stateIndex) ?? pendingDecision),
  ];
  const reviewed = open.filter(isDecided).length;
  return {
    beneficial: toReview.length,
    harmful: count("harmful"),
    redundant: count("redundant"),
    deadEnd: count("dead_end"),
    undecided: count("undecided"),
    toReview: open.length,
    reviewed,
    review: stateOf(reviewed, open.length),
  };
}

function stateOf(reviewed: number, toReview: number): VerdictSummary["review"] {
  if (toReview === 0) return "none";
  if (reviewed === 0) return "pending";
  return reviewed < toReview ? "partial" : "complete";
}

export const reviewStates = ["none", "pending", "partial", "complete"] as const;

export type VerdictSummary = Record<
  "beneficial" | "harmful" | "redundant" | "deadEnd" | "undecided" | "toReview" | "reviewed",
  number
> & { review: (typeof reviewStates)[number] };
