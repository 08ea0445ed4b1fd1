import type { Segment } from "./verdict";

/**
 * One claim that success changed: the expert's actions that rest on the same comparison of two states, and how likely the
 * claim is to be true. The segments of one solution share their comparison, so they are right or wrong together.
 */
export type Claim = {
  verdict: "beneficial" | "harmful";
  /** Expert actions it speaks of. */
  actions: number;
  /** P that the change is real, 0..1. */
  probability: number;
};

/** How many confirmed claims there are, and how many of them are expected to be wrong. */
export type WrongCount = {
  claims: number;
  expectedWrong: number;
  actions: number;
  /** Expert actions under the claims expected to be wrong. */
  expectedWrongActions: number;
};

/**
 * The claims of one trajectory in its order: those that were confirmed, and those that only lack confidence, which are what
 * a lower alpha would confirm. Redundant and dead-end segments claim no change.
 */
export function claimsOf(segments: Segment[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const { proposed, undecidedReason, before, after, probability, from, to } of segments) {
    if (undecidedReason !== null && undecidedReason !== "low_confidence") continue;
    const verdict = proposed;
    if ((verdict !== "beneficial" && verdict !== "harmful") || probability === null) continue;
    const compared = `${verdict} ${before?.stateIndex} ${after?.stateIndex}`;
    const claim = claims.get(compared) ?? { verdict, actions: 0, probability };
    claims.set(compared, { ...claim, actions: claim.actions + to - from });
  }
  return [...claims.values()];
}

/**
 * The expected number of wrong claims: the sum of 1 - P. Wrong means that the agent's true chance did not move the way the
 * verdict says. Assumed: rollouts of a state are independent, and the chances at two states have independent Jeffreys
 * priors. Claims need not be independent of each other, a sum of expectations asks nothing of them. It is a lower bound: the
 * states to compare were chosen after seeing the rollouts, and most neighbouring states are equal, which the priors exclude.
 * `npm run bench -- presets.bench` prints it beside what was wrong: right under preset find, several times too low elsewhere.
 * Source: eef.md section 5
 */
export function expectedWrong(claims: Claim[]): WrongCount {
  const count = { claims: claims.length, expectedWrong: 0, actions: 0, expectedWrongActions: 0 };
  for (const { probability, actions } of claims) {
    count.expectedWrong += 1 - probability;
    count.actions += actions;
    count.expectedWrongActions += (1 - probability) * actions;
  }
  return count;
}

/** The claims that a confidence confirms. */
export function claimsAt(claims: Claim[], alpha: number): Claim[] {
  return claims.filter(({ probability }) => probability >= alpha);
}

/**
 * False-discovery control: the smallest confidence whose claims are expected to be wrong in at most `share` of cases. Of
 * all sets of that share made by a confidence it keeps the most.
 * @param claims confirmed or not
 * @param share 0..1
 * @returns null when even the surest claim is expected to be wrong more often
 * Source: Bayesian false discovery rate, Newton et al. 2004 (Biostatistics 5, 155-176), on the P of eef.md section 5
 */
export function alphaForShare(claims: Claim[], share: number): number | null {
  const sorted = claims.map(({ probability }) => probability).sort((a, b) => b - a);
  let wrong = 0;
  let kept = 0;
  sorted.forEach((probability, i) => {
    wrong += 1 - probability;
    // Claims that are equally sure come and go together.
    if (sorted[i + 1] !== probability && wrong <= share * (i + 1) + ROUNDING) kept = i + 1;
  });
  const [last, next] = [sorted[kept - 1], sorted[kept]];
  if (next === undefined) return 0;
  if (last === undefined) return null;
  const rounded = (Math.floor(next * 1000) + 1) / 1000;
  return next < rounded && rounded <= last ? rounded : last;
}

/** Sums of 1 - P are not exact: 1 - .95 is a little more than .05. */
const ROUNDING = 1e-9;

/** What a confidence keeps and what it risks. */
export type TradeOff = WrongCount & { alpha: number; beneficialActions: number };

/**
 * What every confidence keeps and risks, from 0 up, at the confidences where that changes.
 * @param claims confirmed or not
 * @param most points; where there are more changes they are thinned out evenly
 */
export function tradeOffs(claims: Claim[], most: number): TradeOff[] {
  const changes = [...new Set(claims.map(({ probability }) => probability))].sort((a, b) => a - b);
  const shown = changes.filter(
    (_, i) => Math.floor((i * most) / changes.length) !== Math.floor(((i - 1) * most) / changes.length),
  );
  return shown.map((alpha) => {
    const kept = claimsAt(claims, alpha);
    const beneficial = kept.filter(({ verdict }) => verdict === "beneficial");
    return {
      ...expectedWrong(kept),
      alpha,
      beneficialActions: beneficial.reduce((sum, { actions }) => sum + actions, 0),
    };
  });
}
