import { gatherEvidence, type StateEvidence } from "./evidence";
import type { MinedFacts } from "./rows";
import type { VerdictRule } from "./rule";
import { applyReviews, summarise, type EffectiveReviews, type VerdictSummary } from "./review";
import { judgeSteps, type Judgement } from "./verdict";
import { hasApproved } from "./worth";

/**
 * The judgement of one trajectory in one run, from its stored rollouts.
 * @param length number of expert steps T
 */
export function judge(length: number, facts: Pick<MinedFacts, "rollouts">, rule: VerdictRule): Judgement {
  const diverged = facts.rollouts.filter((r) => r.errorCode === "replay_diverged").map((r) => r.stateIndex);
  return judgeStates(length, gatherEvidence(facts.rollouts), diverged, rule);
}

/**
 * The same from what is known of its states. Where a segment lacks evidence because the replay diverged on the way to a
 * state inside it, that is the reason given.
 * @param diverged states to which some replay diverged
 */
export function judgeStates(
  length: number,
  states: StateEvidence[],
  diverged: number[],
  rule: VerdictRule,
): Judgement {
  const judgement = judgeSteps(length, states, rule);
  if (diverged.length === 0) return judgement;
  const segments = judgement.segments.map((segment) =>
    segment.undecidedReason === "only_errored" && diverged.some((t) => segment.from <= t && t <= segment.to)
      ? { ...segment, undecidedReason: "replay_diverged" as const }
      : segment,
  );
  return { ...judgement, segments };
}

/** What people decided, counted. */
export type ReviewOutcome = {
  /** Vetoes among the decisions that were asked for; `reviewed` is their n. */
  vetoed: number;
  /** Whether people approved a solution: one that an approved-only dataset takes. */
  approved: boolean;
};

/** What the lists show of one trajectory in one run: its judgement after reviews, counted. */
export function summaryOf(
  length: number,
  facts: Pick<MinedFacts, "rollouts" | "reviews">,
  rule: VerdictRule,
): VerdictSummary & ReviewOutcome {
  const judgement = judge(length, facts, rule);
  return summaryFrom(judgement, applyReviews(length, judgement, facts.reviews));
}

/** The same of a judgement that is there already. */
export function summaryFrom(
  judgement: Judgement,
  effective: EffectiveReviews,
): VerdictSummary & ReviewOutcome {
  const steps = effective.steps.filter(({ verdict }) => verdict === "beneficial");
  const own = judgement.solutions.filter(
    ({ rolloutFrom, expertPart }) => rolloutFrom !== null && expertPart === null,
  );
  const decisions = [
    ...steps.map(({ decision }) => decision.state),
    ...own.map(({ stateIndex }) => effective.solutions.get(stateIndex)?.state),
  ];
  return {
    ...summarise(effective, judgement),
    vetoed: decisions.filter((state) => state === "vetoed").length,
    approved: hasApproved({ judgement, effective }),
  };
}
