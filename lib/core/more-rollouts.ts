import { probabilityGreater, type Tally } from "./statistics";
import type { Segment } from "./verdict";

/** A change that its evidence proposes and does not settle: its rollouts before and after. */
export type Doubt = { before: Tally; after: Tally; proposed: "beneficial" | "harmful" };

/** What so many more rollouts are expected to settle. */
export type Purchase = {
  /** Undecided changes that more rollouts could settle. */
  doubts: number;
  /** Expected number of them that become confirmed. */
  confirmed: number;
  /** Rollouts that are worth making; the rest would not settle anything. */
  rollouts: number;
};

/** Rollouts added to each of the two states of a change, as they are bought. */
const LOTS = [1, 2, 4, 8, 16];
/** Less chance than this is not worth a rollout. */
const LEAST_CHANCE = 0.01;

/**
 * The changes of one trajectory that confidence alone keeps undecided. A stretch of beneficial segments is one change.
 * @param segments of `judgeSteps` with the run's alpha
 */
export function doubtsOf(segments: Segment[]): Doubt[] {
  const doubts = new Map<string, Doubt>();
  for (const { undecidedReason, proposed, before, after } of segments) {
    if (undecidedReason !== "low_confidence" || !before || !after) continue;
    if (proposed !== "beneficial" && proposed !== "harmful") continue;
    doubts.set(`${before.stateIndex}-${after.stateIndex}`, { before, after, proposed });
  }
  return [...doubts.values()];
}

/**
 * What `budget` more rollouts would buy: they go to one change after the other, the same number to each of its two
 * states, those first where the chance of a confirmed verdict per rollout is largest. The chance is posterior
 * predictive: successes to come are beta-binomial under the Jeffreys posterior of each state, and the verdict must be
 * proposed still, so the unsolved state must stay without a success.
 * @param alpha least P for a verdict
 * Source: eef.md section 5 (posteriors); beyond the paper
 */
export function buyRollouts(doubts: Doubt[], alpha: number, budget: number): Purchase {
  const known = new Map<string, { chance: number; rollouts: number }>();
  const offers = doubts.map((doubt) => {
    const key = JSON.stringify([pick(unsolvedOf(doubt)), pick(solvedOf(doubt))]);
    const offer = known.get(key) ?? bestOffer(doubt, alpha);
    known.set(key, offer);
    return offer;
  });
  const worth = offers.filter(({ chance }) => chance >= LEAST_CHANCE);
  worth.sort((a, b) => b.chance / b.rollouts - a.chance / a.rollouts);
  let left = budget;
  let confirmed = 0;
  for (const { chance, rollouts } of worth) {
    if (rollouts > left) continue;
    left -= rollouts;
    confirmed += chance;
  }
  return { doubts: doubts.length, confirmed, rollouts: budget - left };
}

const pick = ({ attempts, successes }: Tally) => [attempts, successes];
const unsolvedOf = ({ before, after, proposed }: Doubt) => (proposed === "beneficial" ? before : after);
const solvedOf = ({ before, after, proposed }: Doubt) => (proposed === "beneficial" ? after : before);

function bestOffer(doubt: Doubt, alpha: number): { chance: number; rollouts: number } {
  const offers = LOTS.map((each) => ({ chance: confirmChance(doubt, each, alpha), rollouts: 2 * each }));
  return offers.reduce((best, offer) =>
    offer.chance / offer.rollouts > best.chance / best.rollouts ? offer : best,
  );
}

/**
 * P(the change is confirmed once each of its states got `more` rollouts).
 * @returns 0..1
 */
export function confirmChance(doubt: Doubt, more: number, alpha: number): number {
  const unsolved = unsolvedOf(doubt);
  const solved = solvedOf(doubt);
  const low = { attempts: unsolved.attempts + more, successes: unsolved.successes };
  const stays = predictive(unsolved, more, 0);
  let chance = 0;
  for (let successes = 0; successes <= more; successes++) {
    const high = { attempts: solved.attempts + more, successes: solved.successes + successes };
    if (probabilityGreater(high, low) >= alpha) chance += predictive(solved, more, successes);
  }
  return stays * chance;
}

/** P(so many successes of `more` to come) under Beta(x + 1/2, n - x + 1/2): the beta-binomial distribution. */
function predictive({ attempts, successes }: Tally, more: number, hits: number): number {
  const [a, b] = [successes + 0.5, attempts - successes + 0.5];
  let product = 1;
  for (let i = 0; i < hits; i++) product *= ((a + i) * (more - i)) / ((i + 1) * (a + b + i));
  for (let i = 0; i < more - hits; i++) product *= (b + i) / (a + b + hits + i);
  return product;
}
