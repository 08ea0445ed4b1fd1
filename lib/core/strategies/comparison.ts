import { disagreementsOf, type StrategyPair } from "./disagree";
import type { Assessments } from "./registry";
import { strategyNames, trainedOf, type StrategyName } from "./strategy";

/** What one strategy would train on, before any review. */
export type StrategyTotal = {
  /** Expert actions. */
  actions: number;
  /** About: a quarter of the characters of the trained thoughts and actions, those of rollouts included. */
  tokens: number;
  /** Trajectories that give at least one example. */
  trajectories: number;
  examples: number;
  /** Actions that it left undecided. */
  undecided: number;
};

/** How strategies compare over the trajectories of a run. */
export type Comparison = {
  trajectories: number;
  totals: Record<StrategyName, StrategyTotal>;
  disagreements: Record<StrategyPair, { actions: number; trajectories: number }>;
};

/** Characters of thought and action: of every expert step, and of the rollout chosen from a state. */
export type Lengths = { steps: number[]; rollouts: Map<number, number> };

const CHARACTERS_PER_TOKEN = 4;

const nothing = (): StrategyTotal => ({ actions: 0, tokens: 0, trajectories: 0, examples: 0, undecided: 0 });
const nowhere = () => ({ actions: 0, trajectories: 0 });

/** A comparison of nothing yet. */
export const noComparison = (): Comparison => ({
  trajectories: 0,
  totals: { eef: nothing(), rft: nothing(), bc: nothing(), ipr: nothing(), critic: nothing() },
  disagreements: {
    "eef-ipr": nowhere(),
    "eef-critic": nowhere(),
    "bc-ipr": nowhere(),
    "bc-critic": nowhere(),
    "ipr-critic": nowhere(),
  },
});

/** Adds one trajectory to a comparison. */
export function countAssessments(into: Comparison, assessments: Assessments, lengths: Lengths): void {
  into.trajectories += 1;
  for (const name of strategyNames) {
    const { steps, examples } = assessments[name];
    const total = into.totals[name];
    total.actions += trainedOf(steps).length;
    total.undecided += steps.filter(({ call }) => call === "undecided").length;
    total.examples += examples.length;
    if (examples.length > 0) total.trajectories += 1;
    for (const { trainedSteps, rolloutFrom } of examples) {
      const expert = trainedSteps.reduce((sum, step) => sum + (lengths.steps[step] ?? 0), 0);
      const own = rolloutFrom === null ? 0 : (lengths.rollouts.get(rolloutFrom) ?? 0);
      total.tokens += (expert + own) / CHARACTERS_PER_TOKEN;
    }
  }
  for (const { pair, steps } of disagreementsOf(assessments)) {
    into.disagreements[pair].actions += steps.length;
    into.disagreements[pair].trajectories += 1;
  }
}
