import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import { planProbes, probedStates, seedOf } from "@/lib/core/plan";

describe("probedStates", () => {
  it.each([
    [1, 5, [0]],
    [2, 5, [0, 1]],
    [3, 5, [0, 1, 2]],
    [5, 5, [0, 1, 2, 3, 4]],
    [6, 5, [0, 1, 2, 3, 4, 5]],
    [11, 5, [0, 1, 2, 3, 4, 5]],
    [12, 5, [0, 2, 4, 6, 8, 10]],
    [30, 5, [0, 5, 10, 15, 20, 25]],
    [10, 1, [0, 5]],
    [10, 0, [0]],
  ])("T = %i, M = %i", (length, states, expected) => {
    expect(probedStates(length, states)).toEqual(expected);
  });

  it("is state 0 and at most M evenly spaced states before T", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(50), (length, states) => {
        const probed = probedStates(length, states);
        const interval = Math.max(1, Math.floor(length / (states + 1)));
        expect(probed[0]).toBe(0);
        expect(probed.length).toBeLessThanOrEqual(states + 1);
        expect(probed.every((t, m) => t === m * interval && t < length)).toBe(true);
        if (length > states) expect(probed.length).toBe(states + 1);
      }),
    );
  });

  it.each([
    [0, 5],
    [1.5, 5],
    [3, -1],
    [3, 1.5],
  ])("refuses T = %s, M = %s", (length, states) => {
    expect(() => probedStates(length, states)).toThrow(AppError);
  });
});

describe("planProbes", () => {
  it("goes by state, then attempt", () => {
    expect(planProbes(4, { states: 1, attempts: 2 })).toEqual([
      { stateIndex: 0, attempt: 0 },
      { stateIndex: 0, attempt: 1 },
      { stateIndex: 2, attempt: 0 },
      { stateIndex: 2, attempt: 1 },
    ]);
  });

  it("is six rollouts per trajectory with the paper's settings", () => {
    expect(planProbes(20, { states: 5, attempts: 1 })).toHaveLength(6);
  });

  it.each([0, -1, 1.5])("refuses %s rollouts per state", (attempts) => {
    expect(() => planProbes(4, { states: 1, attempts })).toThrow(/at least 1/);
  });
});

describe("seedOf", () => {
  it("never changes: a resumed run of last year draws the same numbers", () => {
    expect([
      seedOf(0, "abc", { stateIndex: 0, attempt: 0 }, 0),
      seedOf(7, "0f".repeat(32), { stateIndex: 12, attempt: 3 }, 9),
    ]).toEqual([967944149, 250465693]);
  });

  it("is 32 bits, and differs in every part of the key", () => {
    const probe = fc.record({ stateIndex: fc.nat(200), attempt: fc.nat(64) });
    fc.assert(
      fc.property(fc.nat(), fc.string(), probe, fc.nat(200), (runSeed, hash, at, stepIndex) => {
        const seed = seedOf(runSeed, hash, at, stepIndex);
        expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
        const others = [
          seedOf(runSeed + 1, hash, at, stepIndex),
          seedOf(runSeed, `${hash}x`, at, stepIndex),
          seedOf(runSeed, hash, { ...at, stateIndex: at.stateIndex + 1 }, stepIndex),
          seedOf(runSeed, hash, { ...at, attempt: at.attempt + 1 }, stepIndex),
          seedOf(runSeed, hash, at, stepIndex + 1),
        ];
        expect(others).not.toContain(seed);
      }),
    );
  });

  it("spreads: the first 10,000 decisions of a run share almost no seed", () => {
    const seeds = new Set<number>();
    for (let i = 0; i < 10_000; i++)
      seeds.add(seedOf(0, `t${i % 100}`, { stateIndex: i % 10, attempt: 0 }, Math.floor(i / 100)));
    expect(seeds.size).toBeGreaterThan(9_990);
  });
});
