import { z } from "zod";
import { Seed } from "./plan";
import { DEFAULT_MAX_STEPS, PAPER_ATTEMPTS, PAPER_STATES } from "./paper";
import { CarefulConfig, FindConfig, presets } from "./presets";

export const runStates = [
  "queued",
  "running",
  "paused",
  "cancelling",
  "cancelled",
  "done",
  "failed",
] as const;
export type RunState = (typeof runStates)[number];

/** `mined`: rollouts made here. `imported`: rollouts made elsewhere and imported as evidence. */
export const runOrigins = ["mined", "imported"] as const;

/** Everything that decides what a run simulates; fixed when it starts. What it asks of evidence (rule.ts) may be moved afterwards. */
export const RunConfig = z.object({
  preset: z.enum(presets).default("paper"),
  /** M, probed states besides state 0. */
  states: z.number().int().min(0).max(50).default(PAPER_STATES),
  /** Rollouts per probed state; adaptive presets decide for themselves. */
  attempts: z.number().int().min(1).max(64).default(PAPER_ATTEMPTS),
  /** Longest rollout after the prefix, in agent steps. */
  maxSteps: z.number().int().min(1).max(200).default(DEFAULT_MAX_STEPS),
  /**
   * What a model did wrong that counts as a rollout without success. By default neither does: a conversation too long for
   * the model, or replies without an action, say nothing of the state they happened at.
   */
  countsAsFailure: z.array(z.enum(["context_overflow", "bad_reply"])).default([]),
  /** All randomness of the run is drawn from this. */
  seed: Seed,
  /** How preset careful decides; absent elsewhere. */
  careful: CarefulConfig.optional(),
  /** How preset find decides; absent elsewhere. */
  find: FindConfig.optional(),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** Whether an expert trajectory's actions, replayed, gave what was recorded. */
export const replayStates = ["unchecked", "verified", "diverged", "not_replayable"] as const;
export type ReplayState = (typeof replayStates)[number];

/** The first difference between a replay and its recording. `stepIndex` is the state where it was seen. */
export const Divergence = z.object({
  stepIndex: z.number().int(),
  recorded: z.string(),
  replayed: z.string(),
});
export type Divergence = z.infer<typeof Divergence>;
