import type { CritiqueStep } from "../critique";
import type { StateEvidence } from "../evidence";
import type { VerdictRule } from "../rule";
import type { TrajectoryDraft } from "../trajectory";

/** Ways to choose what to train on from the same trajectories. */
export const strategyNames = ["eef", "rft", "bc", "ipr", "critic"] as const;
export type StrategyName = (typeof strategyNames)[number];

/** What a strategy's word rests on, in the words that are shown beside it. */
export const evidenceLevels = [
  "measured by rollouts",
  "estimated from rollouts",
  "the episode's own outcome",
  "an opinion, no rollout",
] as const;
export type EvidenceLevel = (typeof evidenceLevels)[number];

export const strategyCalls = ["train", "exclude", "undecided"] as const;
export type StrategyCall = (typeof strategyCalls)[number];

/** A probed state with what its completed rollouts returned. */
export type StateReturns = StateEvidence & {
  /** Sum of the returns of the completed rollouts, 0..attempts. */
  returned: number;
};

/** Everything any strategy looks at: one trajectory, what rollouts say of its states, and a critic's opinion. */
export type StrategyFacts = {
  trajectory: Pick<TrajectoryDraft, "source" | "success" | "reward">;
  /** Number of expert steps T. */
  length: number;
  /** Probed states, ascending; empty where no run looked at the trajectory. */
  states: StateReturns[];
  /** States to which some replay diverged. */
  diverged: number[];
  rule: VerdictRule;
  /** The newest critique; null without one. */
  critique: CritiqueStep[] | null;
};

/** What a strategy says of one action. */
export type StepCall = {
  stepIndex: number;
  call: StrategyCall;
  /**
   * False where the strategy never looks at such an action (RFT at the expert's, BC at a failure's): it is then excluded,
   * and no opinion that another strategy could disagree with.
   */
  considered: boolean;
  /** The value before and after the action, 0..1, where the strategy has such a thing. */
  value: { before: number; after: number } | null;
  /** Why, in one sentence. */
  reason: string;
};

/** An example that the strategy would train on: these expert actions, then the rollout chosen from that state. */
export type Sketch = { trainedSteps: number[]; rolloutFrom: number | null };

export type Assessment = {
  /** One per action, ascending. */
  steps: StepCall[];
  examples: Sketch[];
  /** What the strategy says of the trajectory as a whole; null where there is nothing beyond its actions. */
  note: string | null;
};

/** One way to choose what to train on. Pure: the same facts give the same assessment. */
export interface Strategy {
  readonly name: StrategyName;
  readonly label: string;
  /** What it does, in plain words. */
  readonly about: string;
  readonly level: EvidenceLevel;
  assess(facts: StrategyFacts): Assessment;
}

/** The same word on every action. */
export function everyStep(length: number, word: Omit<StepCall, "stepIndex" | "value">): StepCall[] {
  return Array.from({ length }, (_, stepIndex) => ({ stepIndex, value: null, ...word }));
}

/** The actions that are trained, ascending. */
export const trainedOf = (steps: StepCall[]): number[] =>
  steps.filter(({ call }) => call === "train").map(({ stepIndex }) => stepIndex);
