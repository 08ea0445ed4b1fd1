import type { Staleness } from "./campaign-store";
import type { Critique } from "./critique";
import type { StateEvidence } from "./evidence";
import type { Decided, Review } from "./review";
import type { ReviewPolicy, RolloutRow, RunRow } from "./rows";
import type { TrajectoryAbout } from "./trajectory-store";
import type { Divergence, ReplayState } from "./run";
import type { Disagreement } from "./strategies/disagree";
import type { StepCall, Strategy } from "./strategies/strategy";
import type { UndecidedReason, Verdict } from "./verdict";

/** A tally with its 95 % Wilson interval, ready to show. */
export type TallyRow = StateEvidence & { low: number; high: number };

/** What was seen, thought and done at one expert step. */
export type StepText = {
  stepIndex: number;
  observation: string;
  thought: string | null;
  action: string;
  reward: number | null;
};

/** A stretch of steps from `from` up to, not including, `to`. */
export type Stretch = { from: number; to: number };

/** Expert actions judged together, as the review page shows them. */
export type SegmentRow = Stretch & {
  verdict: Verdict;
  recovery: boolean;
  proposed: Verdict | null;
  undecidedReason: UndecidedReason | null;
  before: TallyRow | null;
  after: TallyRow | null;
  probability: number | null;
  /** What the evidence supports, in one honest sentence. */
  sentence: string;
};

/** One expert step as the review page shows it, without its text. */
export type StepRow = {
  stepIndex: number;
  /** Null when the trajectory has not been mined in this run. */
  segment: SegmentRow | null;
  /** Of the segment. */
  verdict: Verdict | null;
  /** There is a verdict, which is kept from this person until they have voted. */
  hidden: boolean;
  recovery: boolean;
  decision: Decided;
  /** Whether some example would train on this step under each review policy. */
  trained: Record<ReviewPolicy, boolean>;
};

export type SolutionRow = {
  stateIndex: number;
  recovery: boolean;
  expertPart: { from: number; to: number } | null;
  rolloutFrom: number | null;
  /** The rollout that is used; null when unsolved. */
  rolloutId: number | null;
  confirmed: boolean;
  decision: Decided;
  sentence: string;
};

/** What one strategy says of the actions: the same word on neighbouring ones is said once. */
export type StrategyRow = Pick<Strategy, "name" | "label" | "about" | "level"> & {
  said: (Stretch & Omit<StepCall, "stepIndex">)[];
  note: string | null;
};
/** Who was asked for an opinion, and what became of it. */
export type CritiqueRow = Pick<Critique, "status" | "policy" | "checkpoint" | "errorMessage" | "askedAt">;

/** Everything the review page shows of one trajectory in one run. */
export type ReviewRows = {
  trajectory: Omit<TrajectoryAbout, "tools" | "createdAt">;
  run: RunRow | null;
  /** Where the run's campaign has come to another checkpoint since; null where its verdicts hold. */
  stale: Staleness | null;
  /** Other runs that looked at this trajectory, newest first. */
  runs: Pick<RunRow, "runId" | "name" | "checkpoint">[];
  replay: {
    state: ReplayState;
    divergence: Divergence | null;
    /** Why it cannot be replayed, or what broke; null otherwise. */
    error: string | null;
    checkedAt: Date | null;
    /** What there was to compare with. */
    recorded: { observations: number; rewards: number };
  };
  /** The review queue in which the decisions on show are this person's votes; null where they are reviews. */
  queueId: number | null;
  /** The miner's word, and all it rests on, is kept from this person until they have voted. */
  hidden: boolean;
  /** Ascending, covering every step; empty where no run has looked. */
  segments: SegmentRow[];
  /** Of the steps that somebody decided on, ascending. */
  decisions: { stepIndex: number; decision: Decided }[];
  /** The steps that some example would train on, by review policy. */
  trained: Record<ReviewPolicy, Stretch[]>;
  /** Probed states, ascending: the success-by-state chart. */
  states: TallyRow[];
  solutions: SolutionRow[];
  rollouts: RolloutRow[];
  history: Review[];
  /** What each strategy says of every action, in the order they are shown, and where two of them disagree. */
  strategies: StrategyRow[];
  disagreements: Disagreement[];
  /** The newest critique that was asked for, whatever became of it; null when none was. */
  critique: CritiqueRow | null;
};
