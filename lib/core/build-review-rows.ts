import type { Staleness } from "./campaign-store";
import { chooseRollout, gatherEvidence, type StateEvidence } from "./evidence";
import { planExamples } from "./example-plan";
import { applyReviews, pendingDecision, type EffectiveReviews } from "./review";
import { judge } from "./judge";
import type { ReviewRows, SolutionRow, StepRow, TallyRow } from "./review-rows";
import type { MinedFacts, ReplayRow, RunRow } from "./rows";
import { strategyRows, type StoredCritiques } from "./strategies/rows";
import { verdictSentence } from "./sentence";
import { wilson } from "./statistics";
import type { Trajectory } from "./trajectory";
import { segmentOf, type Judgement } from "./verdict";

/**
 * Everything the review page shows, derived from stored facts.
 * @param facts null when no run has looked at the trajectory
 */
export function buildReviewRows(input: {
  trajectory: Trajectory & { environmentName: string; bestReward: number | null };
  run: RunRow | null;
  runs: RunRow[];
  facts: MinedFacts | null;
  replay: ReplayRow;
  stale: Staleness | null;
  critiques: StoredCritiques;
}): ReviewRows {
  const { trajectory, run, facts, critiques } = input;
  const length = trajectory.steps.length;
  const judgement = facts && run ? judge(length, facts, run) : null;
  const effective = judgement && facts ? applyReviews(length, judgement, facts.reviews) : null;
  const { steps: _steps, tools: _tools, createdAt: _createdAt, ...about } = trajectory;
  return {
    trajectory: about,
    run,
    stale: input.stale,
    runs: input.runs.map(({ runId, name, checkpoint }) => ({ runId, name, checkpoint })),
    replay: replayOf(trajectory, input.replay, facts),
    steps: stepRows(trajectory, run, judgement, effective),
    states: facts ? gatherEvidence(facts.rollouts).map(tallyRow) : [],
    solutions: judgement && effective && facts ? solutionRows(judgement, effective, facts) : [],
    rollouts: facts?.rollouts ?? [],
    history: [...(facts?.reviews ?? [])].sort((a, b) => b.reviewId - a.reviewId),
    ...strategyRows(trajectory, facts && run ? { rollouts: facts.rollouts, rule: run } : null, critiques),
  };
}

function replayOf(
  { steps, finalObservation, reward }: Trajectory,
  { state, divergence, reason, checkedAt }: ReplayRow,
  facts: MinedFacts | null,
): ReviewRows["replay"] {
  const recorded = {
    observations: steps.length + (finalObservation === null ? 0 : 1),
    rewards: steps.filter((step) => step.reward !== null).length + (reward === null ? 0 : 1),
  };
  return { state, divergence, error: reason ?? facts?.entry.errorMessage ?? null, checkedAt, recorded };
}

function stepRows(
  trajectory: Trajectory,
  run: RunRow | null,
  judgement: Judgement | null,
  effective: EffectiveReviews | null,
): StepRow[] {
  const trained = (policy: "approved" | "not_vetoed") =>
    new Set(
      judgement && effective ? planExamples(judgement, effective, policy).flatMap((p) => p.trainedSteps) : [],
    );
  const [approved, notVetoed] = [trained("approved"), trained("not_vetoed")];
  return trajectory.steps.map((step, stepIndex) => {
    const segment = judgement ? (segmentOf(judgement.segments, stepIndex) ?? null) : null;
    return {
      stepIndex,
      observation: step.observation,
      thought: step.thought,
      action: step.action,
      reward: step.reward,
      verdict: segment?.verdict ?? null,
      recovery: segment?.recovery ?? false,
      proposed: segment?.proposed ?? null,
      undecidedReason: segment?.undecidedReason ?? null,
      segment: segment ? { from: segment.from, to: segment.to } : null,
      before: segment?.before ? tallyRow(segment.before) : null,
      after: segment?.after ? tallyRow(segment.after) : null,
      probability: segment?.probability ?? null,
      sentence: segment && run ? verdictSentence(segment, run) : "Not mined yet.",
      decision: effective?.steps[stepIndex]?.decision ?? pendingDecision,
      trained: { approved: approved.has(stepIndex), not_vetoed: notVetoed.has(stepIndex) },
    };
  });
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
