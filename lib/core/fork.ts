import type { RolloutOutcome } from "./evidence";

/** What a fork chooses rollouts by. */
export type ForkRollout = RolloutOutcome & { reward: number | null };

/** How the agent went on from one probed state: its best solved rollout and its best unsolved one. */
export type Fork<R extends ForkRollout> = {
  stateIndex: number;
  /** Null when no rollout from here solved the subtask. */
  winner: R | null;
  /** Null when every completed rollout from here solved it. */
  loser: R | null;
  /** Completed rollouts from here; those that broke say nothing. */
  attempts: number;
  successes: number;
};

/**
 * The rollouts to read beside the expert's continuation of a state: of each kind the highest reward, then the fewest steps,
 * then the lowest attempt. An unknown reward is below any known one, and of equal rewards one without recorded steps, as
 * imported ones may be, comes last: there is nothing of it to read.
 */
export function forkAt<R extends ForkRollout>(rollouts: R[], stateIndex: number): Fork<R> {
  const completed = rollouts
    .filter((r) => r.stateIndex === stateIndex && r.status === "completed")
    .sort(
      (a, b) =>
        (b.reward ?? -1) - (a.reward ?? -1) ||
        Number(a.stepCount === 0) - Number(b.stepCount === 0) ||
        a.stepCount - b.stepCount ||
        a.attempt - b.attempt,
    );
  const solved = completed.filter(({ success }) => success === true);
  return {
    stateIndex,
    winner: solved[0] ?? null,
    loser: completed.find(({ success }) => success !== true) ?? null,
    attempts: completed.length,
    successes: solved.length,
  };
}

/** The states that were probed, ascending; cancelled rollouts probe nothing. */
export function forkStates(rollouts: Pick<RolloutOutcome, "stateIndex" | "status">[]): number[] {
  const probed = rollouts.filter(({ status }) => status !== "cancelled");
  return [...new Set(probed.map(({ stateIndex }) => stateIndex))].sort((a, b) => a - b);
}

/**
 * The probed state whose fork a step belongs to: the last one at or before it, else the first.
 * @param states ascending
 * @returns null when nothing was probed
 */
export function forkStateOf(states: number[], stepIndex: number): number | null {
  return states.findLast((state) => state <= stepIndex) ?? states[0] ?? null;
}
