import { z } from "zod";

/** How hard to look. `imported` runs plan nothing. */
export const presets = ["paper", "uniform", "careful", "find", "imported"] as const;

/**
 * Wald's sequential test of one state: is the agent's success rate there low (p0) or worth the name (p1)?
 * Source: reliability.md section 3.3
 */
export const StateTest = z.strictObject({
  /** A success rate that counts as unsolved. */
  low: z.number().min(0.001).max(0.5).default(0.05),
  /** A success rate that counts as solved. */
  high: z.number().min(0.01).max(0.99).default(0.3),
  /** How often a state of rate `low` may be accepted. */
  falseAccept: z.number().min(0.001).max(0.5).default(0.05),
  /** How often a state of rate `high` may be rejected. */
  falseReject: z.number().min(0.001).max(0.5).default(0.1),
});
export type StateTest = z.infer<typeof StateTest>;

/** What adaptive presets share; numbers of rollouts count those that broke as well, so that they bound the cost. */
const shared = {
  test: StateTest.default(StateTest.parse({})),
  /** A change between two states is settled at this probability, and the verdicts ask it too. eef.md section 5. */
  confirm: z.number().min(0.5).max(0.999).default(0.975),
  /** How many rollouts of a state may break before it is left as it is. Ours. */
  retries: z.number().int().min(0).max(10).default(2),
};

/** The sequential test at every state, then at every change: eef.md section 5, with the test of reliability.md 3.3. */
export const CarefulConfig = z.strictObject({
  ...shared,
  /** Completed rollouts every state gets. */
  least: z.number().int().min(1).max(64).default(4),
  /** Rollouts added between two looks. */
  every: z.number().int().min(1).max(16).default(2),
  /** Completed rollouts of one state, at most. eef.md says 16: that ends the test too early, see DECISIONS.md. */
  most: z.number().int().min(1).max(64).default(24),
  /** Rollouts of one trajectory, at most. */
  budget: z.number().int().min(1).max(4096).default(96),
});
export type CarefulConfig = z.infer<typeof CarefulConfig>;

/** Bracket, bisect, stop when it is hopeless: reliability.md section 3.4. */
export const FindConfig = z.strictObject({
  ...shared,
  most: z.number().int().min(1).max(64).default(24),
  budget: z.number().int().min(1).max(4096).default(96),
  /** Give a trajectory up when the probability that no state helps exceeds this. The source says 0.9: see DECISIONS.md. */
  hopeless: z.number().min(0.5).max(0.999).default(0.95),
  /** Bisect on, between two probed states, until success changes within so many actions; null: stay with the probed states. */
  finest: z.number().int().min(1).max(1000).nullable().default(null),
});
export type FindConfig = z.infer<typeof FindConfig>;

/**
 * What is assumed of trajectories before any rollout, to weigh whether going on is worth it: half are hopeless, the
 * others have one band of states where the agent succeeds. Source: reliability.md section 3.4
 */
export const PROFILE = {
  hopelessShare: 0.5,
  hopelessRate: 0.01,
  outsideRate: 0.03,
  /** The success rate within the band is Beta(a, b), clipped to [low, high]. */
  band: { a: 4, b: 2, low: 0.25, high: 0.95 },
  /** How often the band reaches the last state. */
  reachesEnd: 0.4,
  /** Longest failing rollout from state 0, in expert trajectory lengths; less what was replayed. */
  failedLength: 1.3,
  /** How long a successful rollout is, of a failing one. */
  solvedShare: 0.6,
} as const;
