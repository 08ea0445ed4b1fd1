import type { StateEvidence } from "./evidence";

/** The end of a trajectory that no rollout solved: from `stateIndex` on, over so many probed states and rollouts. */
export type NoReturn = { stateIndex: number; states: number; attempts: number };

/**
 * The point of no return, as far as it was looked: the first probed state from which on no probed state was solved.
 * A success is a proof, so one solved rollout anywhere later moves the point behind it; failures prove nothing, so this is
 * "not solved in n tries from here on" and never "unsolvable". States between two probed ones are not spoken of.
 * @param states as `gatherEvidence` gives them, ascending; those without a completed rollout say nothing
 * @returns null when the last known state was solved, when none was (there is nothing to return to), or nothing is known
 */
export function pointOfNoReturn(states: StateEvidence[]): NoReturn | null {
  const known = states.filter(({ attempts }) => attempts > 0);
  const tail = known.slice(known.findLastIndex(({ successes }) => successes > 0) + 1);
  const [first] = tail;
  if (!first || tail.length === known.length) return null;
  const attempts = tail.reduce((sum, state) => sum + state.attempts, 0);
  return { stateIndex: first.stateIndex, states: tail.length, attempts };
}
