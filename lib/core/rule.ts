import type { Tally } from "./statistics";

/**
 * The rules that turn evidence into verdicts; a change that changes a verdict is a new one. They differ in when a state
 * counts as solved: `eef-1` with one success, which is the paper; `eef-2` when the success rate is also estimated at a
 * quarter or more. Up to five rollouts per state they say the same. With more, a lucky success makes a state that the
 * agent practically fails from look solved, and it does so more often the more rollouts there are: at a true rate of .05
 * on both sides `eef-1` calls 5 % of segments beneficial with one rollout per state and 22 % with eight, `eef-2` 5 %.
 */
export const ruleVersions = ["eef-1", "eef-2"] as const;
export type RuleVersion = (typeof ruleVersions)[number];

/** What is asked of evidence before it decides; settings of a run that can be moved afterwards. */
export type VerdictRule = {
  ruleVersion: RuleVersion;
  /** Least P for a beneficial or harmful verdict, 0..1; 0 is the paper. */
  alpha: number;
  /** Completed rollouts that each state a verdict rests on must have; 1 is the paper. */
  minAttempts: number;
};

/** Most that can be asked: as many rollouts per state as a run can be planned with. */
export const MOST_MIN_ATTEMPTS = 64;

/** The paper's rule: one success after and none before is enough. */
export const paperRule: VerdictRule = { ruleVersion: "eef-1", alpha: 0, minAttempts: 1 };

/**
 * The rule that presets careful and find plan by, and that their runs ask. They look at a state until a test tells its
 * rate, so that `eef-1` would take the lucky success they are bound to see for a solved state.
 */
export const ADAPTIVE_RULE: RuleVersion = "eef-2";

/** Least estimated success rate of a solved state under `eef-2`. Source: the boundary of reliability.md 3.4. */
const SOLVED_RATE = 1 / 4;

/**
 * Whether a state counts as solved. Under both rules some rollout succeeded, so that every solution has one to show.
 * @param tally `eef-2` compares its posterior mean under the Jeffreys prior, (x + 1/2) / (n + 1)
 */
export function isSolved({ attempts, successes }: Tally, ruleVersion: RuleVersion): boolean {
  if (successes === 0) return false;
  return ruleVersion === "eef-1" || (successes + 1 / 2) / (attempts + 1) >= SOLVED_RATE;
}
