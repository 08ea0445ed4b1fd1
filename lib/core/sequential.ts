import { PROFILE, type StateTest } from "./presets";
import type { Tally } from "./statistics";

export const stateDecisions = ["solved", "unsolved", "open"] as const;
export type StateDecision = (typeof stateDecisions)[number];

/** Where the test of a state stands between its bounds: 0 is rejected, 1 accepted. */
function standing({ attempts, successes }: Tally, test: StateTest): number {
  const { low, high, falseAccept, falseReject } = test;
  const ratio = successes * Math.log(high / low) + (attempts - successes) * Math.log((1 - high) / (1 - low));
  const accept = Math.log((1 - falseReject) / falseAccept);
  const reject = Math.log(falseReject / (1 - falseAccept));
  return (ratio - reject) / (accept - reject);
}

/**
 * What Wald's sequential probability ratio test says of a state after so many rollouts.
 * @returns open while neither hypothesis is likely enough
 * Source: Wald 1945; reliability.md section 3.3
 */
export function decideState(tally: Tally, test: StateTest): StateDecision {
  const at = standing(tally, test);
  if (at >= 1) return "solved";
  return at <= 0 ? "unsolved" : "open";
}

/** The decision of a test that must end now: by the nearer of its bounds. With 16 rollouts, solved is three successes. */
export function forceDecision(tally: Tally, test: StateTest): "solved" | "unsolved" {
  return standing(tally, test) > 0.5 ? "solved" : "unsolved";
}

/** Success rates in the band and how likely each is: Beta(4, 2) on a grid. */
const bandRates = (() => {
  const { a, b, low, high } = PROFILE.band;
  const points = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40);
  const weights = points.map((p) => p ** (a - 1) * (1 - p) ** (b - 1));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return points.map((p, i) => ({ p: Math.min(high, Math.max(low, p)), weight: (weights[i] ?? 0) / total }));
})();

const likelihood = ({ attempts, successes }: Tally, p: number): number =>
  p ** successes * (1 - p) ** (attempts - successes);

/**
 * P(no state of this trajectory helps the agent), given rollouts of the states after the start, under the profile of
 * `PROFILE`: one band of good states begins at any of them, and reaches the end in 40 % of cases.
 * @param states tallies of the states 1..M in order, also those without rollouts
 * @returns 0..1; 1 when there is no state
 * Source: reliability.md section 3.4
 */
export function hopelessProbability(states: Tally[]): number {
  const hopeless = states.reduce((product, s) => product * likelihood(s, PROFILE.hopelessRate), 1);
  const against = PROFILE.hopelessShare * hopeless;
  const chance = states.length === 0 ? 0 : bandLikelihood(states);
  const total = against + (1 - PROFILE.hopelessShare) * chance;
  // Every product underflows only after more successes than hopelessness survives.
  return total === 0 ? 0 : against / total;
}

function bandLikelihood(states: Tally[]): number {
  const outside = states.map((s) => likelihood(s, PROFILE.outsideRate));
  const after = [...outside, 1];
  for (let i = outside.length - 1; i >= 0; i--) after[i] = (outside[i] ?? 1) * (after[i + 1] ?? 1);
  let sum = 0;
  for (const { p, weight } of bandRates) {
    const inside = states.map((s) => likelihood(s, p));
    let before = 1;
    for (let begin = 0; begin < states.length; begin++) {
      sum += (weight / states.length) * before * fromBegin(begin, inside, after);
      before *= outside[begin] ?? 1;
    }
  }
  return sum;
}

/** The likelihood of the states from where the band begins, over all its ends. */
function fromBegin(begin: number, inside: number[], after: number[]): number {
  const inner = inside.length - 1 - begin;
  const toEnd = inner === 0 ? 1 : PROFILE.reachesEnd;
  let product = 1;
  let sum = 0;
  for (let i = begin; i < inside.length; i++) {
    product *= inside[i] ?? 1;
    const share = i === inside.length - 1 ? toEnd : (1 - toEnd) / inner;
    sum += share * product * (after[i + 1] ?? 1);
  }
  return sum;
}
