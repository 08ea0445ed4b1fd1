import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { probabilityGreater, wilson, type Tally } from "@/lib/core/statistics";

const tally = (text: string): Tally => {
  const [successes = 0, attempts = 0] = text.split("/").map(Number);
  return { attempts, successes };
};

const anyTally = fc
  .tuple(fc.nat(64), fc.nat(64))
  .map(([a, b]) => ({ attempts: Math.max(a, b), successes: Math.min(a, b) }));

describe("wilson", () => {
  it.each([
    ["0/4", 0, 0.49],
    ["1/4", 0.05, 0.7],
    ["2/4", 0.15, 0.85],
    ["4/4", 0.51, 1],
    ["1/8", 0.02, 0.47],
    ["4/8", 0.22, 0.78],
    ["8/8", 0.68, 1],
  ])("%s is [%s, %s]", (text, low, high) => {
    const [l, h] = wilson(tally(text));
    expect(l).toBeCloseTo(low, 2);
    expect(h).toBeCloseTo(high, 2);
  });

  it("knows nothing without attempts", () => {
    expect(wilson({ attempts: 0, successes: 0 })).toEqual([0, 1]);
  });

  it("stays within 0..1, holds the rate, and mirrors when successes and failures change places", () => {
    fc.assert(
      fc.property(anyTally, (t) => {
        const [low, high] = wilson(t);
        const [mirroredLow, mirroredHigh] = wilson({ ...t, successes: t.attempts - t.successes });
        const rate = t.attempts === 0 ? 0.5 : t.successes / t.attempts;
        expect(0 <= low && low <= rate && rate <= high && high <= 1).toBe(true);
        expect(mirroredLow).toBeCloseTo(1 - high, 10);
        expect(mirroredHigh).toBeCloseTo(1 - low, 10);
      }),
    );
  });
});

describe("probabilityGreater", () => {
  it.each([
    ["0/1", "1/1", 0.9, 0.01],
    ["0/4", "2/4", 0.95, 0.01],
    ["0/4", "4/4", 0.999, 0.001],
    ["0/8", "2/8", 0.94, 0.01],
    ["1/8", "5/8", 0.98, 0.01],
  ])("%s before, %s after is %s", (before, after, expected, tolerance) => {
    expect(Math.abs(probabilityGreater(tally(after), tally(before)) - expected)).toBeLessThan(tolerance);
  });

  it("agrees with the exact value where there is one", () => {
    // Beta(1/2, 3/2) against Beta(3/2, 1/2): 1/2 + 4/π² by the double integral over the angles.
    const exact = 0.5 + 4 / Math.PI ** 2;
    expect(probabilityGreater(tally("1/1"), tally("0/1"))).toBeCloseTo(exact, 9);
  });

  it("is one half between equals", () => {
    fc.assert(
      fc.property(anyTally, (t) => {
        expect(probabilityGreater(t, t)).toBeCloseTo(0.5, 6);
      }),
    );
  });

  it("adds up to one with its opposite, and never falls when a failure becomes a success", () => {
    fc.assert(
      fc.property(anyTally, anyTally, (a, b) => {
        const p = probabilityGreater(a, b);
        expect(p + probabilityGreater(b, a)).toBeCloseTo(1, 6);
        if (a.successes === a.attempts) return;
        expect(probabilityGreater({ ...a, successes: a.successes + 1 }, b)).toBeGreaterThanOrEqual(p - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it("holds for many attempts", () => {
    expect(probabilityGreater(tally("600/1000"), tally("500/1000"))).toBeGreaterThan(0.9999);
    expect(probabilityGreater(tally("505/1000"), tally("500/1000"))).toBeCloseTo(0.588, 2);
  });
});
