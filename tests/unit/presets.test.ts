import { ADAPTIVE_RULE, paperRule, type RuleVersion } from "@/lib/core/rule";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherEvidence, type RolloutOutcome } from "@/lib/core/evidence";
import { bisectionOrder } from "@/lib/core/find";
import { planProbes } from "@/lib/core/plan";
import { nextProbes } from "@/lib/core/planner";
import { CarefulConfig, FindConfig } from "@/lib/core/presets";
import { drawProfile, mineProfile } from "@/lib/core/profile";
import { RunConfig } from "@/lib/core/run";
import { decideState, forceDecision, hopelessProbability } from "@/lib/core/sequential";
import { judgeSteps } from "@/lib/core/verdict";
import {
  byThreshold,
  byVerdict,
  changes,
  mineMany,
  score,
  truthOf,
  type Claim,
  type Mined,
} from "../support/profiles";

const test = CarefulConfig.parse({}).test;
const adaptive = fc.constantFrom("careful" as const, "find" as const);

const rollout = (stateIndex: number, attempt: number, status: RolloutOutcome["status"], success = false) => ({
  stateIndex,
  attempt,
  status,
  success: status === "completed" ? success : null,
});
const failures = (stateIndex: number, count: number) =>
  Array.from({ length: count }, (_, attempt) => rollout(stateIndex, attempt, "completed"));

describe("the test of a state", () => {
  it.each([
    [0, 0, "open"],
    [1, 1, "open"],
    [2, 2, "solved"],
    [7, 0, "open"],
    [8, 0, "unsolved"],
    [14, 1, "open"],
    [15, 1, "unsolved"],
  ])("%i rollouts with %i successes: %s", (attempts, successes, decision) => {
    expect(decideState({ attempts, successes }, test)).toBe(decision);
  });

  it("is the fixed design where it must end at 16: solved from three successes", () => {
    expect([2, 3].map((successes) => forceDecision({ attempts: 16, successes }, test))).toEqual([
      "unsolved",
      "solved",
    ]);
  });
});

describe("hopelessness", () => {
  const tallies = (...counts: [number, number][]) =>
    counts.map(([attempts, successes]) => ({ attempts, successes }));

  it("is what is assumed before any rollout, and certain without a state", () => {
    expect(hopelessProbability(tallies([0, 0], [0, 0], [0, 0]))).toBeCloseTo(0.5, 12);
    expect(hopelessProbability([])).toBe(1);
  });

  it("agrees with the sum over every band, for two states", () => {
    const rates = Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
    const weight = (p: number) => 20 * p ** 3 * (1 - p);
    const band = rates.reduce((sum, p) => {
      const q = 1 - Math.min(0.95, Math.max(0.25, p));
      // From the first: to the end (0.4) or only there (0.6); or from the second.
      const seen = 0.5 * (0.4 * q ** 3 + 0.6 * q * 0.97 ** 2) + 0.5 * 0.97 * q ** 2;
      return sum + (weight(p) * seen) / 4000;
    }, 0);
    const hopeless = 0.99 ** 3;
    expect(hopelessProbability(tallies([1, 0], [2, 0]))).toBeCloseTo(hopeless / (hopeless + band), 3);
  });

  it("rises with every failure and falls with a success", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8), { minLength: 1, maxLength: 12 }), fc.nat(11), (counts, which) => {
        const at = which % counts.length;
        const before = tallies(...counts.map((n): [number, number] => [n, 0]));
        const more = (successes: number) =>
          before.map((s, i) => (i === at ? { attempts: s.attempts + 1, successes } : s));
        expect(hopelessProbability(more(0))).toBeGreaterThan(hopelessProbability(before));
        expect(hopelessProbability(more(1))).toBeLessThan(hopelessProbability(before));
      }),
    );
  });
});

describe("nextProbes", () => {
  const plan = (preset: RunConfig["preset"], length: number, rollouts: ReturnType<typeof rollout>[]) =>
    nextProbes(length, RunConfig.parse({ preset }), rollouts);

  it("of a fixed preset is its plan, and nothing after", () => {
    const config = RunConfig.parse({ preset: "uniform", attempts: 3 });
    const first = nextProbes(12, config, []);
    expect(first).toEqual({ state: "probe", probes: planProbes(12, config) });
    const ended = planProbes(12, config).map((p) => rollout(p.stateIndex, p.attempt, "errored"));
    expect(nextProbes(12, config, ended)).toMatchObject({ state: "finished" });
  });

  it("waits while anything is queued, running or cancelled", () => {
    for (const status of ["queued", "running", "cancelled"] as const)
      for (const preset of ["paper", "careful", "find"] as const)
        expect(plan(preset, 30, [...failures(5, 3), rollout(0, 0, status)])).toEqual({ state: "waiting" });
  });

  it("depends on what was found, not on the order it was found in", () => {
    const mined = fc.record({ preset: adaptive, seed: fc.nat(1e6), length: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(mined, fc.nat(100), fc.infiniteStream(fc.nat()), (of, share, keys) => {
        const config = RunConfig.parse({ preset: of.preset });
        const all = mineProfile(drawProfile(of.seed, of.length, 5), of.seed, config);
        const some = all.slice(0, Math.floor((share / 100) * all.length));
        const shuffled = some
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        expect(nextProbes(of.length, config, shuffled)).toEqual(nextProbes(of.length, config, some));
      }),
      { numRuns: 200 },
    );
  });

  it("numbers attempts on from those there are, plans none twice, keeps to the limits, and ends", () => {
    const odds = fc.record({ preset: adaptive, seed: fc.nat(1e6), broken: fc.nat(100) });
    const of = fc.tuple(odds, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(of, ([{ preset, seed, broken }, length, states]) => {
        const config = RunConfig.parse({ preset, states });
        const { most, retries, budget } =
          preset === "careful" ? CarefulConfig.parse({}) : FindConfig.parse({});
        const rollouts: ReturnType<typeof rollout>[] = [];
        for (let next = nextProbes(length, config, []); next.state !== "finished";) {
          if (next.state === "waiting") throw new Error("nothing is under way");
          expect(next.probes.length).toBeGreaterThan(0);
          for (const { stateIndex, attempt } of next.probes) {
            expect(attempt).toBe(rollouts.filter((r) => r.stateIndex === stateIndex).length);
            const chance = ((seed + 1) * 48271 + rollouts.length * 7919) % 100;
            const status = chance < broken ? "errored" : "completed";
            rollouts.push(rollout(stateIndex, attempt, status, (chance * 31 + seed) % 3 === 0));
          }
          next = nextProbes(length, config, rollouts);
        }
        expect(rollouts.length).toBeGreaterThan(0);
        expect(rollouts.length).toBeLessThanOrEqual(budget);
        for (const at of new Set(rollouts.map((r) => r.stateIndex))) {
          const here = rollouts.filter((r) => r.stateIndex === at);
          expect(at).toBeLessThan(length);
          expect(here.filter((r) => r.status === "completed").length).toBeLessThanOrEqual(most);
          // One look may plan several at once, and all of them may break.
          expect(here.filter((r) => r.status === "errored").length).toBeLessThanOrEqual(retries + 4);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("careful: four at every state first; a state whose rollouts all break is left as it is", () => {
    const first = plan("careful", 12, []);
    expect(first.state === "probe" && first.probes).toHaveLength(6 * 4);
    const others = [2, 4, 6, 8, 10].flatMap((at) => failures(at, 8));
    const broken = [0, 1, 2].map((attempt) => rollout(0, attempt, "errored"));
    expect(plan("careful", 12, [...others, ...broken])).toEqual({
      state: "finished",
      reason: "stopped: every state is decided, and success changes between none of them",
    });
    expect(plan("careful", 12, [...others, ...broken.slice(1)])).toMatchObject({ state: "probe" });
  });

  it("careful: goes on two by two where the test or a change is open, and says how sure it is", () => {
    const sure = [0, 1, 2, 3].map((attempt) => rollout(2, attempt, "completed", true));
    const next = plan("careful", 3, [...failures(0, 4), ...failures(1, 8), ...sure]);
    expect(next).toEqual({
      state: "probe",
      probes: [
        { stateIndex: 0, attempt: 4 },
        { stateIndex: 0, attempt: 5 },
      ],
    });
    expect(plan("careful", 3, [...failures(0, 8), ...failures(1, 8), ...sure])).toEqual({
      state: "finished",
      reason: expect.stringMatching(/^stopped: every change is sure, P 0\.99\d ≥ 0\.975$/),
    });
  });

  it("find: one rollout at a time by halves, and gives up what is hopeless", () => {
    const order: number[] = [];
    const rollouts: ReturnType<typeof rollout>[] = [];
    let next = plan("find", 30, rollouts);
    while (next.state === "probe") {
      expect(next.probes).toHaveLength(1);
      for (const { stateIndex, attempt } of next.probes) {
        order.push(stateIndex);
        rollouts.push(rollout(stateIndex, attempt, "completed"));
      }
      next = plan("find", 30, rollouts);
    }
    expect(order.slice(0, 6)).toEqual([0, 15, 5, 20, 10, 25]);
    expect(next).toMatchObject({
      reason: expect.stringMatching(/^given up: hopeless with probability 0\.9\d\d$/),
    });
  });

  it.each([
    [null, "10 and 15"],
    [1, "12 and 13"],
  ])("find: bisects (finest %s), and stops once the change is sure", (finest, found) => {
    const config = RunConfig.parse({ preset: "find", find: FindConfig.parse({ finest }) });
    const rollouts: ReturnType<typeof rollout>[] = [];
    let next = nextProbes(30, config, rollouts);
    while (next.state === "probe") {
      for (const { stateIndex, attempt } of next.probes)
        rollouts.push(rollout(stateIndex, attempt, "completed", stateIndex >= 13));
      next = nextProbes(30, config, rollouts);
    }
    expect(next).toMatchObject({
      reason: expect.stringMatching(new RegExp(`^found: success begins between states ${found}, P 0\\.9`)),
    });
  });

  it("find: is not misled by a lucky success at a state its test rejects", () => {
    const config = RunConfig.parse({ preset: "find" });
    const rollouts = [rollout(0, 0, "completed", true)];
    for (let next = nextProbes(30, config, rollouts); next.state === "probe";) {
      for (const { stateIndex, attempt } of next.probes)
        rollouts.push(rollout(stateIndex, attempt, "completed", stateIndex >= 15));
      next = nextProbes(30, config, rollouts);
    }
    const evidence = gatherEvidence(rollouts);
    const first = (ruleVersion: RuleVersion) =>
      judgeSteps(30, evidence, { ruleVersion, alpha: 0.975, minAttempts: 1 }).segments[0]?.verdict;
    expect([first(ADAPTIVE_RULE), first("eef-1")]).toEqual(["beneficial", "undecided"]);
  });

  it("bisects every index once", () => {
    for (const count of [1, 2, 3, 6, 17]) {
      const order = bisectionOrder(count);
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });
});

it("a verdict compares states with whatever number of rollouts each has", () => {
  const state = (stateIndex: number, attempts: number, successes: number) => ({
    ...{ stateIndex, attempts, successes, errored: 0 },
  });
  const evidence = [state(0, 16, 0), state(1, 2, 2), state(2, 8, 0)];
  const sure = judgeSteps(3, evidence, { ...paperRule, alpha: 0.975 }).segments;
  expect(sure.map((s) => s.verdict)).toEqual(["beneficial", "harmful", "dead_end"]);
  // Beta(2.5, 0.5) against Beta(0.5, 8.5), summed over p = sin² θ, where the densities have no poles.
  const grid = Array.from({ length: 20_000 }, (_, i) => Math.sin(((i + 0.5) / 20_000) * (Math.PI / 2)) ** 2);
  const before = grid.map((p) => p ** 2);
  const after = grid.map((p) => (1 - p) ** 8);
  const total = after.reduce((sum, w) => sum + w, 0);
  let below = 0;
  let greater = 0;
  grid.forEach((_, i) => {
    greater += (before[i] ?? 0) * (below + (after[i] ?? 0) / 2);
    below += after[i] ?? 0;
  });
  const p = greater / (total * before.reduce((sum, w) => sum + w, 0));
  expect(sure[1]?.probability).toBeCloseTo(p, 6);
  // One rollout per state cannot be that sure.
  const few = judgeSteps(3, [state(0, 1, 0), state(1, 1, 1), state(2, 1, 0)], {
    ...paperRule,
    alpha: 0.975,
  }).segments;
  expect(few.map((s) => s.undecidedReason)).toEqual(["low_confidence", "low_confidence", null]);
});

describe("what the presets save", () => {
  // A loose guard on few trajectories; tests/bench/presets.bench.ts reports.
  const set = { seed: 42_000_000, trajectories: 400, states: 5, hopelessShare: 0.5 };
  const scored = (config: Partial<RunConfig>, claims: (mined: Mined) => Claim[]) =>
    score(
      mineMany(set, config).map(({ profile, mined }) => ({
        ...truthOf(profile),
        mined,
        claims: claims(mined),
      })),
    );
  const shown = (mined: Mined) =>
    byVerdict(mined, { ruleVersion: ADAPTIVE_RULE, alpha: FindConfig.parse({}).confirm, minAttempts: 1 });

  it("careful >= 1.6x and find >= 4x fewer calls than 16 rollouts per state, and err no worse by their verdicts", () => {
    const fixed = scored({ preset: "uniform", attempts: 16 }, (mined) => changes(mined, byThreshold(3)));
    const careful = scored({ preset: "careful" }, shown);
    const find = scored({ preset: "find" }, shown);
    expect(fixed.calls / careful.calls).toBeGreaterThan(1.6);
    expect(fixed.calls / find.calls).toBeGreaterThan(4);
    expect(careful.recall).toBeGreaterThan(fixed.recall - 0.02);
    expect(careful.precision).toBeGreaterThan(fixed.precision - 0.02);
    expect(find.recall).toBeGreaterThan(0.88);
    expect(find.precision).toBeGreaterThan(0.93);
  });
});
