import type { StateEvidence } from "./evidence";

/** A probed state with completed rollouts; `solved` when at least one of them succeeded. */
export type KnownState = StateEvidence & { solved: boolean };

/** How one important state is solved. */
export type Solution = {
  /** The important state. */
  stateIndex: number;
  /** Reached through harmful expert actions. */
  recovery: boolean;
  /** Expert actions a_from … a_{to-1}; null when the agent needs none, or when nothing solves the state. */
  expertPart: { from: number; to: number } | null;
  /** The state from whose rollouts one is taken; null when the state stays unsolved. */
  rolloutFrom: number | null;
  /** False when its expert part is undecided: such a solution is never exported. */
  confirmed: boolean;
};

/**
 * The important states and how each is solved. Important are the first known state, and every failing state right
 * after a succeeding one: there the agent must learn to recover.
 * @param known states with at least one completed rollout, ascending
 * @returns ascending by state; `confirmed` is true here and is settled by `judgeSteps`
 * Source: EEF (arXiv 2504.13145); eef.md section 3
 */
export function solveImportantStates(known: KnownState[]): Solution[] {
  return known.flatMap((state, i): Solution[] => {
    const recovery = i > 0 && known[i - 1]?.solved === true && !state.solved;
    if (i > 0 && !recovery) return [];
    const from = state.stateIndex;
    const base = { stateIndex: from, recovery, confirmed: true };
    if (state.solved) return [{ ...base, expertPart: null, rolloutFrom: from }];
    const later = known.slice(i + 1).find((s) => s.solved);
    if (!later) return [{ ...base, expertPart: null, rolloutFrom: null }];
    return [{ ...base, expertPart: { from, to: later.stateIndex }, rolloutFrom: later.stateIndex }];
  });
}
