import type { Staleness } from "./campaign-store";
import type { Critique } from "./critique";
import type { StateEvidence } from "./evidence";
import type { Decided, Review } from "./review";
import type { RolloutRow, RunRow } from "./rows";
import type { Divergence, ReplayState } from "./run";
import type { Disagreement } from "./strategies/disagree";
import type { Assessment, Strategy } from "./strategies/strategy";
import type { Message, Trajectory } from "./trajectory";
import type { UndecidedReason, Verdict } from "./verdict";

/** A tally with its 95 % Wilson interval, ready to show. */
export type TallyRow = StateEvidence & { low: number; high: number };

/** One expert step as the review page shows it. */
export type StepRow = {
  stepIndex: number;
  observation: string;
  thought: string | null;
  action: string;
  reward: number | null;
  /** Null when the trajectory has not been mined in this run. */
  verdict: Verdict | null;
  recovery: boolean;
  proposed: Verdict | null;
  undecidedReason: UndecidedReason | null;
  /** The expert actions judged together, `to` exclusive. */
  segment: { from: number; to: number } | null;
  before: TallyRow | null;
  after: TallyRow | null;
  probability: number | null;
  /** What the evidence supports, in one honest sentence. */
  sentence: string;
  decision: Decided;
  /** Whether some example would train on this step under each review policy. */
  trained: { approved: boolean; not_vetoed: boolean };
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

/** What one strategy says of the actions. */
export type StrategyRow = Pick<Strategy, "name" | "label" | "about" | "level"> &
  Pick<Assessment, "steps" | "note">;
/** Who was asked for an opinion, and what became of it. */
export type CritiqueRow = Pick<Critique, "status" | "policy" | "checkpoint" | "errorMessage" | "askedAt">;

/** Everything the review page shows of one trajectory in one run. */
export type ReviewRows = {
  trajectory: Omit<Trajectory, "steps" | "tools" | "createdAt"> & {
    environmentName: string;
    bestReward: number | null;
    opening: Message[];
  };
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
  steps: StepRow[];
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
