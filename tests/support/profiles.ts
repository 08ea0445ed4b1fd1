import type { VerdictRule } from "@/lib/core/rule";
import { gatherEvidence, type RolloutOutcome } from "@/lib/core/evidence";
import { decisionOf, type PlannedState } from "@/lib/core/planned-state";
import { probedStates } from "@/lib/core/plan";
import { PROFILE, StateTest } from "@/lib/core/presets";
import { drawProfile, mineProfile, type Profile } from "@/lib/core/profile";
import { RunConfig } from "@/lib/core/run";
import { judgeSteps } from "@/lib/core/verdict";

/** Expert steps of a synthetic trajectory: M = 5 gives states 0, 5, …, 25. */
export const LENGTH = 30;

/** Rollouts of one trajectory of T steps, and the model calls they took. */
export type Mined = { rollouts: RolloutOutcome[]; length: number; calls: number };

/** Model calls of a rollout from the i-th state as in the source: (1.3 T − i T / M), 0.6 of that when it succeeds. */
function callsOf(states: number, { stateIndex, success }: RolloutOutcome): number {
  const interval = probedStates(LENGTH, states)[1] ?? 1;
  const failing = PROFILE.failedLength * LENGTH - ((stateIndex / interval) * LENGTH) / states;
  return failing * (success === true ? PROFILE.solvedShare : 1);
}

/** Mines so many synthetic trajectories, each drawn and simulated from seeds of its own. */
export function mineMany(
  set: { seed: number; trajectories: number; states: number; hopelessShare: number },
  config: Partial<RunConfig>,
): { profile: Profile; mined: Mined }[] {
  const settings = RunConfig.parse({ states: set.states, maxSteps: 200, ...config });
  return Array.from({ length: set.trajectories }, (_, i) => {
    const seed = set.seed + i * 7919;
    const profile = drawProfile(seed, LENGTH, set.states, set.hopelessShare);
    const rollouts = mineProfile(profile, seed * 31 + 5, settings);
    const calls = rollouts.reduce((sum, rollout) => sum + callsOf(set.states, rollout), 0);
    return { profile, mined: { rollouts, length: LENGTH, calls } };
  });
}

/** A claim that success begins between two states. */
export type Claim = { from: number; to: number };

/** The changes from unsolved to solved between neighbours, by any rule of what is solved. */
export function changes(mined: Mined, solved: (state: PlannedState) => boolean | null): Claim[] {
  const known = gatherEvidence(mined.rollouts).flatMap((state) => {
    const y = solved({ ...state, pending: 0, nextAttempt: 0 });
    return y === null ? [] : [{ at: state.stateIndex, y }];
  });
  return known.flatMap(({ at, y }, i) => {
    const before = known[i - 1];
    return y && before && !before.y ? [{ from: before.at, to: at }] : [];
  });
}

/** By at least so many successes. */
export const byThreshold = (threshold: number) => (state: PlannedState) => state.successes >= threshold;

/** By the sequential test; null where it has not decided. */
export const byTest = (most: number) => (state: PlannedState) => {
  const limits = { most, retries: 0, budget: 0, confirm: 0, test: StateTest.parse({}) };
  const decision = decisionOf(state, limits);
  return decision === "open" ? null : decision === "solved";
};

/** By the verdicts of a rule: the end of every stretch that is beneficial. */
export function byVerdict({ rollouts, length }: Mined, rule: VerdictRule): Claim[] {
  const { segments } = judgeSteps(length, gatherEvidence(rollouts), rule);
  return segments.flatMap((s, i) =>
    s.verdict === "beneficial" && segments[i + 1]?.verdict !== "beneficial"
      ? [{ from: s.from, to: s.to }]
      : [],
  );
}

/** A trajectory with its truth: which claims are true, and whether there is one to be made. */
export type Judged = { mined: Mined; claims: Claim[]; able: boolean; isTrue: (claim: Claim) => boolean };

/** What is true of a synthetic trajectory: success begins where the rate goes from below .1 to .25 or more. */
export function truthOf({ rates, hopeless }: Profile): Pick<Judged, "able" | "isTrue"> {
  const rate = (t: number) => rates[t] ?? 0;
  return { able: !hopeless, isTrue: ({ from, to }) => rate(from) < 0.1 && rate(to) >= 0.25 };
}

/** What a score is made of, as sums over trajectories; `able` counts those in which there is a beginning to be found. */
export type Counts = Record<
  "trajectories" | "rollouts" | "calls" | "able" | "found" | "claimed" | "right",
  number
>;

export function countsOf({ mined, claims, able, isTrue }: Judged): Counts {
  const right = claims.filter(isTrue).length;
  return {
    ...{ trajectories: 1, rollouts: mined.rollouts.length, calls: mined.calls },
    ...{ able: able ? 1 : 0, found: able && right > 0 ? 1 : 0, claimed: claims.length, right },
  };
}

/** Per trajectory: rollouts and calls; over all: how many true beginnings were claimed, how many claims are true. */
export type Score = { rollouts: number; calls: number; recall: number; precision: number };

export function scoreOf(counts: Counts[]): Score {
  const sum = (key: keyof Counts) => counts.reduce((total, each) => total + each[key], 0);
  const [trajectories, able, claimed] = [sum("trajectories"), sum("able"), Math.max(1, sum("claimed"))];
  return {
    ...{ rollouts: sum("rollouts") / trajectories, calls: sum("calls") / trajectories },
    ...{ recall: sum("found") / able, precision: sum("right") / claimed },
  };
}

export const score = (each: Judged[]): Score => scoreOf(each.map(countsOf));

/** Confirmed beneficial and harmful verdicts, by comparison: how many, and how many are expected and known to be wrong. */
export type Wrongs = { claims: number; expected: number; wrong: number };

/** @param rate the true success rate from a state; wrong is a verdict whose rate does not move the way it says */
export function wrongsOf(
  { rollouts, length }: Mined,
  rule: VerdictRule,
  rate: (t: number) => number,
): Wrongs {
  const { segments } = judgeSteps(length, gatherEvidence(rollouts), rule);
  const seen = new Set<string>();
  const count = { claims: 0, expected: 0, wrong: 0 };
  for (const { verdict, before, after, probability } of segments) {
    if ((verdict !== "beneficial" && verdict !== "harmful") || !before || !after || probability === null)
      continue;
    const compared = `${before.stateIndex} ${after.stateIndex}`;
    if (seen.has(compared)) continue;
    seen.add(compared);
    const rise = rate(after.stateIndex) - rate(before.stateIndex);
    count.claims += 1;
    count.expected += 1 - probability;
    if (verdict === "beneficial" ? rise <= 0 : rise >= 0) count.wrong += 1;
  }
  return count;
}
