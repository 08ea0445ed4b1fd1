import type { Staleness } from "./campaign-store";
import { chooseRollout, gatherEvidence, type StateEvidence } from "./evidence";
import { planExamples } from "./example-plan";
import { applyReviews, pendingDecision, type EffectiveReviews } from "./review";
import { judge } from "./judge";
import type { ReviewRows, SegmentRow, SolutionRow, TallyRow } from "./review-rows";
import type { MinedFacts, ReplayRow, ReviewPolicy, RunRow } from "./rows";
import type { Recorded, TrajectoryAbout } from "./trajectory-store";
import { strategyRows, type StoredCritiques } from "./strategies/rows";
import { verdictSentence } from "./sentence";
import { wilson } from "./statistics";
import { stretchesOf } from "./step-rows";
import type { Judgement, Segment } from "./verdict";

/**
 * Everything the review page shows, derived from stored facts.
 * @param facts null when no run has looked at the trajectory
 */
export function buildReviewRows(input: {
  trajectory: TrajectoryAbout & Recorded;
  run: RunRow | null;
  runs: RunRow[];
  facts: MinedFacts | null;
  replay: ReplayRow;
  stale: Staleness | null;
  critiques: StoredCritiques;
}): ReviewRows {
  const { run, facts, critiques } = input;
  const { recorded, tools: _tools, createdAt: _createdAt, ...trajectory } = input.trajectory;
  const length = trajectory.stepCount;
  const judgement = facts && run ? judge(length, facts, run) : null;
  const effective = judgement && facts ? applyReviews(length, judgement, facts.reviews) : null;
  const { state, divergence, reason, checkedAt } = input.replay;
  const trained = (policy: ReviewPolicy) =>
    judgement && effective
      ? stretchesOf(planExamples(judgement, effective, policy).flatMap((plan) => plan.trainedSteps))
      : [];
  return {
    trajectory,
    run,
    stale: input.stale,
    runs: input.runs.map(({ runId, name, checkpoint }) => ({ runId, name, checkpoint })),
    replay: { state, divergence, error: reason ?? facts?.entry.errorMessage ?? null, checkedAt, recorded },
    queueId: null,
    hidden: false,
    segments: judgement && run ? judgement.segments.map((segment) => segmentRow(segment, run)) : [],
    decisions: (effective?.steps ?? [])
      .filter(({ decision }) => decision.version > 0)
      .map(({ stepIndex, decision }) => ({ stepIndex, decision })),
    trained: { approved: trained("approved"), not_vetoed: trained("not_vetoed") },
    states: facts ? gatherEvidence(facts.rollouts).map(tallyRow) : [],
    solutions: judgement && effective && facts ? solutionRows(judgement, effective, facts) : [],
    rollouts: facts?.rollouts ?? [],
    history: [...(facts?.reviews ?? [])].sort((a, b) => b.reviewId - a.reviewId),
    ...strategyRows(trajectory, facts && run ? { rollouts: facts.rollouts, rule: run } : null, critiques),
  };
}

function segmentRow(segment: Segment, run: RunRow): SegmentRow {
  return {
    ...segment,
    before: segment.before && tallyRow(segment.before),
    after: segment.after && tallyRow(segment.after),
    sentence: verdictSentence(segment, run),
  };
}

function solutionRows(judgement: Judgement, effective: EffectiveReviews, facts: MinedFacts): SolutionRow[] {
  return judgement.solutions.map((solution) => {
    const from = solution.rolloutFrom;
    const rollout = from === null ? null : chooseRollout(facts.rollouts, from);
    const part = solution.expertPart;
    const actions = part ? `expert actions ${part.from} to ${part.to - 1}, then ` : "";
    return {
      ...solution,
      rolloutId: rollout?.rolloutId ?? null,
      decision: effective.solutions.get(solution.stateIndex) ?? pendingDecision,
      sentence:
        from === null
          ? `State ${solution.stateIndex} stays unsolved: no later probed state was solved.`
          : `State ${solution.stateIndex} is solved by ${actions}the agent's own rollout from state ${from}.`,
    };
  });
}

function tallyRow(state: StateEvidence): TallyRow {
  const [low, high] = wilson(state);
  return { ...state, low, high };
}
