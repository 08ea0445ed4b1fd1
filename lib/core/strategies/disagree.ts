import type { Assessments } from "./registry";
import { strategies } from "./registry";
import type { StepCall, StrategyName } from "./strategy";

/**
 * The pairs that can disagree at all. RFT never considers an expert action, and BC and EEF never the same one: they speak
 * of solved and of failed expert trajectories.
 */
export const strategyPairs = ["eef-ipr", "eef-critic", "bc-ipr", "bc-critic", "ipr-critic"] as const;
export type StrategyPair = (typeof strategyPairs)[number];

const sides: Record<StrategyPair, [StrategyName, StrategyName]> = {
  "eef-ipr": ["eef", "ipr"],
  "eef-critic": ["eef", "critic"],
  "bc-ipr": ["bc", "ipr"],
  "bc-critic": ["bc", "critic"],
  "ipr-critic": ["ipr", "critic"],
};

/** The two strategies of a pair. */
export const sidesOf = (pair: StrategyPair): [StrategyName, StrategyName] => sides[pair];

/** A pair in words, e.g. `EEF and critic`. */
export const pairWords = (pair: StrategyPair): string =>
  sides[pair].map((name) => strategies[name].label).join(" and ");

/** The actions two strategies disagree on, ascending. */
export type Disagreement = { pair: StrategyPair; steps: number[] };

/**
 * Two strategies disagree on an action when one trains it and the other excludes it, both having considered it. An
 * undecided word is no disagreement, nor is the exclusion of what a strategy never looks at.
 */
export function disagrees(one: StepCall, other: StepCall): boolean {
  if (!one.considered || !other.considered) return false;
  return (
    (one.call === "train" && other.call === "exclude") || (one.call === "exclude" && other.call === "train")
  );
}

/** Every pair that disagrees on some action, with the actions. */
export function disagreementsOf(assessments: Assessments): Disagreement[] {
  return strategyPairs.flatMap((pair) => {
    const [left, right] = sides[pair];
    const steps = assessments[left].steps
      .filter((one, i) => {
        const other = assessments[right].steps[i];
        return other !== undefined && disagrees(one, other);
      })
      .map(({ stepIndex }) => stepIndex);
    return steps.length > 0 ? [{ pair, steps }] : [];
  });
}
