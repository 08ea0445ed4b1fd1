import { probabilityGreater, probabilityAbove, type Tally } from "../statistics";
import {
  everyStep,
  trainedOf,
  type StateReturns,
  type StepCall,
  type Strategy,
  type StrategyFacts,
} from "./strategy";

/** What is known of the value of a state: the returns of its rollouts, or at the end the episode's own return. */
type Value = { stateIndex: number; mean: number; tally: Tally | null };

/**
 * Step values: V(t) is the mean return of the k rollouts from state t, V(T) the return the expert's own episode had. The
 * actions between two neighbouring probed states are trained where the value after them is higher than before, and
 * excluded where it is lower or the same. A rise or fall must be confirmed as verdicts are: every compared state with the
 * least number of rollouts the rule asks for, and P(rise), P(fall) at least its alpha. P comes from Beta(s + 1/2, n - s
 * + 1/2) with the sum of returns s in place of successes: no returns within 0..1 vary more than successes of the same
 * mean, so P errs on the cautious side, and of 0/1 returns it is the P of the verdicts.
 * The paper estimates a reward for every step by Monte Carlo and builds contrastive pairs of the expert's action and one
 * of the agent's at the same step, which is not done here: the rollouts from the state before stand for the agent's
 * actions, and only probed states are known.
 * Source: IPR (arXiv 2406.11176), of which the abstract and summaries were read
 */
export const ipr: Strategy = {
  name: "ipr",
  label: "IPR",
  about: "Trains the actions after which rollouts return more on average than before; counts partial reward.",
  level: "estimated from rollouts",
  assess(facts) {
    const { length } = facts;
    const values = valuesOf(facts);
    const steps = everyStep(length, {
      call: "undecided",
      considered: true,
      reason: "No completed rollout from the states around it.",
    });
    values.forEach((before, i) => {
      const after = values[i + 1];
      if (!after) return;
      const word = compare(before, after, facts);
      for (let t = before.stateIndex; t < after.stateIndex; t++) steps[t] = { stepIndex: t, ...word };
    });
    const trainedSteps = trainedOf(steps);
    return {
      steps,
      examples: trainedSteps.length > 0 ? [{ trainedSteps, rolloutFrom: null }] : [],
      note: null,
    };
  },
};

function valuesOf({ states, length, trajectory }: StrategyFacts): Value[] {
  const values = states
    .filter(({ attempts, stateIndex }) => attempts > 0 && stateIndex < length)
    .map((state) => ({
      stateIndex: state.stateIndex,
      mean: state.returned / state.attempts,
      tally: tallyOf(state),
    }));
  if (values.length === 0 || trajectory.reward === null) return values;
  return [...values, { stateIndex: length, mean: trajectory.reward, tally: null }];
}

/** Sums of the same returns in another order differ in their last digits, and must not make another case. */
const tallyOf = ({ attempts, returned }: StateReturns): Tally => ({
  attempts,
  successes: Math.round(returned * 1e6) / 1e6,
});

function compare(before: Value, after: Value, { rule }: StrategyFacts): Omit<StepCall, "stepIndex"> {
  const value = { before: before.mean, after: after.mean };
  const base = { considered: true, value };
  const shown = `${wordsOf(before)}, ${wordsOf(after)}`;
  const thin = [before, after].some(({ tally }) => tally !== null && tally.attempts < rule.minAttempts);
  if (thin) {
    const reason = `Too few rollouts: ${shown}; ${rule.minAttempts} are asked for.`;
    return { ...base, call: "undecided", reason };
  }
  const change = after.mean - before.mean;
  if (Math.abs(change) < 1e-9)
    return { ...base, call: "exclude", reason: `The value does not change: ${shown}.` };
  const rises = change > 0;
  const rise = probabilityOfRise(before, after);
  const probability = rises ? rise : 1 - rise;
  const word = rises ? "rises" : "falls";
  if (probability < rule.alpha) {
    const needs = `P = ${probability.toFixed(3)}, needs ${rule.alpha}`;
    return {
      ...base,
      call: "undecided",
      reason: `The value seems to ${word.slice(0, -1)}: ${shown}; ${needs}.`,
    };
  }
  return { ...base, call: rises ? "train" : "exclude", reason: `The value ${word}: ${shown}.` };
}

function probabilityOfRise(before: Value, after: Value): number {
  if (before.tally === null) return 0;
  if (after.tally === null) return 1 - probabilityAbove(before.tally, after.mean);
  return probabilityGreater(after.tally, before.tally);
}

function wordsOf({ stateIndex, mean, tally }: Value): string {
  if (tally === null) return `${mean.toFixed(2)} in the end (the expert's own return)`;
  return `${mean.toFixed(2)} at state ${stateIndex} (n = ${tally.attempts})`;
}
