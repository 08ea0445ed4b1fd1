import type { RolloutOutcome } from "./evidence";
import { probedStates } from "./plan";
import { nextProbes } from "./planner";
import { PROFILE } from "./presets";
import type { RunConfig } from "./run";

/** A synthetic failed trajectory: how often the agent succeeds from each of its states. */
export type Profile = {
  length: number;
  /** Success rate from state t, for t of 0..T-1. */
  rates: number[];
  hopeless: boolean;
};

/** Numbers of 0..1, always the same for a seed. Source: mulberry32 */
export function draws(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The fourth smallest of five uniform draws is Beta(4, 2). */
function drawBandRate(draw: () => number): number {
  const sorted = Array.from({ length: 5 }, draw).sort((a, b) => a - b);
  return Math.min(PROFILE.band.high, Math.max(PROFILE.band.low, sorted[3] ?? 0));
}

/**
 * A trajectory drawn from `PROFILE`: rates change at the M + 1 evenly spaced states and nowhere else.
 * @param length number of expert steps T
 * @param states M
 * @param hopelessShare how often no state helps, 0..1
 * Source: reliability.md section 3.4
 */
export function drawProfile(
  seed: number,
  length: number,
  states: number,
  hopelessShare: number = PROFILE.hopelessShare,
): Profile {
  const draw = draws(seed);
  const grid = probedStates(length, states);
  const last = grid.length - 1;
  const hopeless = draw() < hopelessShare || last === 0;
  const begin = 1 + Math.floor(draw() * last);
  const toEnd = draw() < PROFILE.reachesEnd || begin >= last;
  const end = toEnd ? last + 1 : begin + 1 + Math.floor(draw() * (last - begin));
  const band = drawBandRate(draw);
  const rates = Array.from({ length }, (_, t) => {
    if (hopeless) return PROFILE.hopelessRate;
    const at = grid.filter((state) => state <= t).length - 1;
    return begin <= at && at < end ? band : PROFILE.outsideRate;
  });
  return { length, rates, hopeless };
}

/** How many agent steps a rollout takes: 1.3 T less what was replayed, 0.6 of that when it succeeds. */
function stepsOf(length: number, stateIndex: number, success: boolean, { maxSteps }: RunConfig): number {
  const failing = Math.max(1, PROFILE.failedLength * length - stateIndex);
  return Math.min(maxSteps, failing * (success ? PROFILE.solvedShare : 1));
}

/** What the attempt-th rollout from a state does: the same for a seed, whatever was simulated before. */
function rollOut(profile: Profile, seed: number, stateIndex: number, attempt: number, config: RunConfig) {
  const draw = draws(seed ^ Math.imul(stateIndex * 1009 + attempt + 1, 0x9e3779b1));
  draw();
  const success = draw() < (profile.rates[stateIndex] ?? 0);
  const stepCount = stepsOf(profile.length, stateIndex, success, config);
  return { stateIndex, attempt, status: "completed" as const, success, stepCount };
}

/**
 * Mines a synthetic trajectory until nothing more is planned.
 * @returns its rollouts; `stepCount` is the expected one and need not be whole
 */
export function mineProfile(profile: Profile, seed: number, config: RunConfig): RolloutOutcome[] {
  const rollouts: RolloutOutcome[] = [];
  for (;;) {
    const next = nextProbes(profile.length, config, rollouts);
    if (next.state !== "probe") return rollouts;
    for (const { stateIndex, attempt } of next.probes)
      rollouts.push(rollOut(profile, seed, stateIndex, attempt, config));
  }
}
