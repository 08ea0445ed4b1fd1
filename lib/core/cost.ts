import { planProbes, probedStates } from "./plan";
import { isAdaptive } from "./planner";
import { CarefulConfig, FindConfig } from "./presets";
import { drawProfile, mineProfile } from "./profile";
import type { RunConfig } from "./run";

/** What a run is expected to cost, and the most it can; whole numbers. */
export type Cost = { rollouts: number; calls: number; maxRollouts: number; maxCalls: number };

/** Lengths looked at, and synthetic trajectories mined of each: the mean is good to about a tenth. */
const LENGTHS = 8;
const DRAWS = 16;

/** The assumption behind an estimate, for people. */
export const costAssumption =
  "The estimate assumes that in half of the trajectories nothing helps the agent, that in the others one stretch of states does, and that a failing rollout takes 1.3 times as many steps as the expert.";

/**
 * What mining failed expert trajectories costs. The most is exact: of fixed presets every rollout with every step, of
 * adaptive ones their budgets, broken rollouts included. The expected cost is the mean over synthetic trajectories
 * (`PROFILE`) mined with the very planner, of up to eight lengths spread over those given; fixed seeds.
 * @param lengths expert steps T of each trajectory
 */
export function estimateCost(lengths: number[], config: RunConfig): Cost {
  const maxRollouts = lengths.reduce((sum, length) => sum + mostRollouts(length, config), 0);
  const sorted = lengths.toSorted((a, b) => a - b);
  const looks = Math.min(LENGTHS, sorted.length);
  const sample = Array.from(
    { length: looks },
    (_, i) => sorted[Math.floor(((i + 0.5) / looks) * sorted.length)] ?? 1,
  );
  const mined = sample.flatMap((length, i) =>
    Array.from({ length: DRAWS }, (_, j) => {
      const seed = i * DRAWS + j + 1;
      return mineProfile(drawProfile(seed, length, config.states), seed, config);
    }),
  );
  const scale = mined.length === 0 ? 0 : lengths.length / mined.length;
  const rollouts = mined.reduce((sum, each) => sum + each.length, 0);
  const calls = mined.flat().reduce((sum, { stepCount }) => sum + stepCount, 0);
  return {
    rollouts: Math.min(maxRollouts, Math.round(rollouts * scale)),
    calls: Math.min(maxRollouts * config.maxSteps, Math.round(calls * scale)),
    maxRollouts,
    maxCalls: maxRollouts * config.maxSteps,
  };
}

function mostRollouts(length: number, config: RunConfig): number {
  if (!isAdaptive(config.preset)) return planProbes(length, config).length;
  const states = probedStates(length, config.states).length;
  if (config.preset === "careful") {
    const { most, retries, budget } = CarefulConfig.parse(config.careful ?? {});
    return Math.min(budget, states * (most + retries + 1));
  }
  const { most, retries, budget, finest } = FindConfig.parse(config.find ?? {});
  return Math.min(budget, (finest === null ? states : length) * (most + retries + 1));
}
