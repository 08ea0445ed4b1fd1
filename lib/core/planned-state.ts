import { ADAPTIVE_RULE, paperRule } from "./rule";
import type { StateEvidence } from "./evidence";
import { decideState, forceDecision, type StateDecision } from "./sequential";
import type { StateTest } from "./presets";
import { judgeSteps, type Segment } from "./verdict";

/** What is known of a state, and what has been planned there. */
export type PlannedState = StateEvidence & {
  /** Rollouts without an end: queued, running or cancelled. */
  pending: number;
  /** The next free attempt number. */
  nextAttempt: number;
};

/** A strategy's answer: where to simulate next and how often, or why it is finished. */
export type Wish = { finished: null; wanted: Want[] } | { finished: string };
export type Want = { stateIndex: number; count: number };

type Limits = { most: number; retries: number; budget: number; test: StateTest; confirm: number };

/** The state of that index, empty when nothing was planned there. */
export function stateAt(states: PlannedState[], stateIndex: number): PlannedState {
  const none = { stateIndex, attempts: 0, successes: 0, errored: 0, pending: 0, nextAttempt: 0 };
  return states.find((state) => state.stateIndex === stateIndex) ?? none;
}

/** Whether a state may get another rollout. */
export function hasRoom({ attempts, errored }: PlannedState, { most, retries }: Limits): boolean {
  return attempts < most && errored <= retries;
}

/** What the test says of a state; one that has no room left is decided by the nearer of its bounds. */
export function decisionOf(state: PlannedState, limits: Limits): StateDecision {
  const decision = decideState(state, limits.test);
  if (decision !== "open" || hasRoom(state, limits) || state.attempts === 0) return decision;
  return forceDecision(state, limits.test);
}

/** The wish within the budget of the trajectory; with nothing left, the end of it. */
export function withinBudget(wanted: Want[], states: PlannedState[], { budget }: Limits): Wish {
  const spent = states.reduce((sum, state) => sum + state.attempts + state.errored, 0);
  let left = budget - spent;
  if (left <= 0) return { finished: `stopped: the budget of ${budget} rollouts is spent` };
  const granted = wanted.flatMap((want) => {
    const count = Math.min(want.count, left);
    left -= count;
    return count > 0 ? [{ ...want, count }] : [];
  });
  return { finished: null, wanted: granted };
}

/** The verdicts that the rule of adaptive runs proposes so far, whatever confidence is asked. */
export function proposals(length: number, states: PlannedState[]): Segment[] {
  return judgeSteps(length, states, { ...paperRule, ruleVersion: ADAPTIVE_RULE }).segments;
}

/**
 * The side of a proposed change that is worth more rollouts: one whose states the test tells apart, and that is not sure
 * yet. The state with fewer rollouts gets them; a tie is both.
 * @returns none when the change is sure, is none, or has no room left
 */
export function doubtfulStates(segment: Segment, states: PlannedState[], limits: Limits): PlannedState[] {
  const { before, after, probability } = segment;
  if (!before || !after || probability === null || probability >= limits.confirm) return [];
  const sides = [stateAt(states, before.stateIndex), stateAt(states, after.stateIndex)];
  if (!sides.some((side) => decisionOf(side, limits) === "solved")) return [];
  const open = sides.filter((side) => hasRoom(side, limits));
  const fewest = Math.min(...open.map((side) => side.attempts));
  return open.filter((side) => side.attempts === fewest);
}

/** A probability in words: never rounded up to one it has not reached. */
export const inWords = (probability: number): string => (Math.floor(probability * 1000) / 1000).toFixed(3);
