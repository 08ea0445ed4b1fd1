/**
 * Every constant taken from Exploring Expert Failures Improves LLM Agent Tuning, arXiv 2504.13145, and those this
 * program adds to it. Section numbers are left out: the numbers come from the abstract, figure captions and summaries.
 */

/** M, the number of states probed besides state 0. */
export const PAPER_STATES = 5;
/** Rollouts per probed state and iteration. */
export const PAPER_ATTEMPTS = 1;
/** The paper asks no confidence of a verdict: one success after and none before is enough. */
export const PAPER_ALPHA = 0;

/** Longest rollout, in agent steps; running out of steps is a completed rollout without success. Ours. */
export const DEFAULT_MAX_STEPS = 15;
