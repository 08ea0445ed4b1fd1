import type { StateEvidence } from "./evidence";
import { planExamples, type ExamplePlan } from "./example-plan";
import {
  alphaForShare,
  claimsAt,
  claimsOf,
  expectedWrong,
  tradeOffs,
  type Claim,
  type TradeOff,
  type WrongCount,
} from "./expected-wrong";
import { judgeStates } from "./judge";
import { applyReviews, type Ballot } from "./review";
import { reviewPolicies, type ReviewPolicy } from "./rows";
import type { VerdictRule } from "./rule";
import type { Verdict } from "./verdict";

/** What one trajectory of a run is judged by: the tallies of its states instead of its rollouts. */
export type RunEvidence = {
  trajectoryId: number;
  stepCount: number;
  states: StateEvidence[];
  /** States to which some replay diverged. */
  diverged: number[];
  reviews: Ballot[];
};

/** A state from which a rollout that succeeded would be trained on; null where only expert actions are. */
export type SolvedState = { trajectoryId: number; stateIndex: number | null };
/** Characters of thought and action: of every expert step, and of the rollout that is chosen from a state. */
export type TextLength = SolvedState & { steps: number[]; rollout: number };

/** What would be trained on under a review policy. */
export type Kept = { actions: number; examples: number; tokens: number };

/** What a rule would make of the stored evidence of a run. */
export type RunPreview = {
  rule: VerdictRule;
  /** Expert actions. */
  verdicts: Record<Verdict, number>;
  /** Comparisons confirmed as beneficial or harmful, and how many of them are expected to be wrong. */
  wrong: WrongCount;
  kept: Record<ReviewPolicy, Kept>;
  /** False-discovery control: the smallest alpha that keeps the expected wrong share within `share`; null when none does. */
  target: { share: number; alpha: number | null };
  /** What other confidences would keep and risk, everything else being equal. */
  tradeOffs: TradeOff[];
};

const TARGET_SHARE = 0.05;
const POINTS = 40;
const CHARACTERS_PER_TOKEN = 4;

type Planned = { trajectoryId: number; policy: ReviewPolicy; plan: ExamplePlan };
export type Judged = { verdicts: RunPreview["verdicts"]; claims: Claim[]; planned: Planned[] };

/** What a rule says of all trajectories of a run, before anything is known of texts. */
export function judgeRun(evidence: RunEvidence[], rule: VerdictRule): Judged {
  const verdicts = { beneficial: 0, harmful: 0, redundant: 0, dead_end: 0, undecided: 0 };
  const claims: Claim[] = [];
  const planned: Planned[] = [];
  for (const { trajectoryId, stepCount, states, diverged, reviews } of evidence) {
    const judgement = judgeStates(stepCount, states, diverged, rule);
    for (const { verdict, from, to } of judgement.segments) verdicts[verdict] += to - from;
    claims.push(...claimsOf(judgement.segments));
    const effective = applyReviews(stepCount, judgement, reviews);
    for (const policy of reviewPolicies)
      for (const plan of planExamples(judgement, effective, policy))
        planned.push({ trajectoryId, policy, plan });
  }
  return { verdicts, claims, planned };
}

/** The texts that a preview needs the lengths of, each once. */
export function textsOf({ planned }: Judged): SolvedState[] {
  const wanted = new Map(
    planned.map(({ trajectoryId, plan }) => [
      `${trajectoryId}:${plan.rolloutFrom}`,
      { trajectoryId, stateIndex: plan.rolloutFrom },
    ]),
  );
  return [...wanted.values()];
}

/**
 * @param lengths of the texts that `textsOf` asked for. Tokens are estimated as a quarter of the characters of the
 * recorded thoughts and actions: what a tokenizer makes of them depends on the model to be trained.
 */
export function previewOf(judged: Judged, lengths: TextLength[], rule: VerdictRule): RunPreview {
  const texts = new Map(lengths.map((text) => [`${text.trajectoryId}:${text.stateIndex}`, text]));
  const kept: RunPreview["kept"] = { approved: nothing(), not_vetoed: nothing() };
  for (const { trajectoryId, policy, plan } of judged.planned) {
    const text = texts.get(`${trajectoryId}:${plan.rolloutFrom}`);
    const expert = plan.trainedSteps.reduce((sum, step) => sum + (text?.steps[step] ?? 0), 0);
    const characters = expert + (text?.rollout ?? 0);
    if (characters === 0) continue;
    const sum = kept[policy];
    sum.actions += plan.trainedSteps.length;
    sum.examples += 1;
    sum.tokens += characters / CHARACTERS_PER_TOKEN;
  }
  for (const policy of reviewPolicies) kept[policy].tokens = Math.round(kept[policy].tokens);
  return {
    rule,
    verdicts: judged.verdicts,
    wrong: expectedWrong(claimsAt(judged.claims, rule.alpha)),
    kept,
    target: { share: TARGET_SHARE, alpha: alphaForShare(judged.claims, TARGET_SHARE) },
    tradeOffs: tradeOffs(judged.claims, POINTS),
  };
}

const nothing = (): Kept => ({ actions: 0, examples: 0, tokens: 0 });
