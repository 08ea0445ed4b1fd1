import { z } from "zod";
import { AppError } from "./errors";

/** What all randomness of a run or a collection is drawn from. */
export const Seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .default(0);

/** One planned simulation: from a state of an expert trajectory, the attempt-th time (0-based). */
export type Probe = { stateIndex: number; attempt: number };

/**
 * Which states of an expert trajectory the paper probes: 0 and, with l = max(1, floor(T / (M + 1))), l, 2l, …, Ml.
 * @param length number of expert steps T; state T is never probed
 * @param states M, the number of states besides state 0, >= 0
 * @returns ascending, unique, all < T
 * @throws AppError invalid_input when length < 1 or states < 0
 * Source: EEF (arXiv 2504.13145), exploration
 */
export function probedStates(length: number, states: number): number[] {
  if (!Number.isInteger(length) || length < 1)
    throw new AppError("invalid_input", `a trajectory of ${length} steps cannot be probed`);
  if (!Number.isInteger(states) || states < 0)
    throw new AppError("invalid_input", `the number of probed states must be a whole number, not ${states}`);
  const interval = Math.max(1, Math.floor(length / (states + 1)));
  const planned = [0];
  for (let m = 1; m <= states && m * interval < length; m++) planned.push(m * interval);
  return planned;
}

/**
 * The probes of one trajectory in one run.
 * @returns by stateIndex, then attempt; always includes state 0
 * @throws AppError invalid_input when attempts < 1, or as `probedStates`
 * Source: EEF (arXiv 2504.13145), exploration; defaults in paper.ts
 */
export function planProbes(length: number, config: { states: number; attempts: number }): Probe[] {
  if (!Number.isInteger(config.attempts) || config.attempts < 1)
    throw new AppError("invalid_input", `rollouts per state must be at least 1, not ${config.attempts}`);
  return probedStates(length, config.states).flatMap((stateIndex) =>
    Array.from({ length: config.attempts }, (_, attempt) => ({ stateIndex, attempt })),
  );
}

/** A 32-bit seed for one decision of one rollout: the same natural key always draws the same numbers. */
export function seedOf(runSeed: number, trajectoryHash: string, probe: Probe, stepIndex: number): number {
  const key = `${runSeed}/${trajectoryHash}/${probe.stateIndex}/${probe.attempt}/${stepIndex}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The word that every turn of a subtask carries, for choosing where to ask. Source: reliability.md section 3.2 */
export function affinityOf(driverId: string | null, subtaskKey: string): string {
  return `${driverId ?? ""}/${subtaskKey}`;
}
