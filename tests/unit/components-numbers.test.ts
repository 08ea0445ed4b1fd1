import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCapped,
  formatDuration,
  formatPercent,
  formatProbability,
  formatReward,
  formatTokens,
  plural,
} from "@/components/ui/numbers";
import { exactTime, relativeTime } from "@/components/ui/time";
import { pointsOf } from "@/components/charts/success-points";
import { bandsOf } from "@/components/trajectory/verdict-bands";
import { mixParts, mixWords } from "@/components/trajectory/verdict-mix";
import { tallyWords } from "@/components/trajectory/evidence-bar";

describe("numbers", () => {
  it("gives sizes in the unit that keeps them short", () => {
    expect([0, 999, 1000, 1240, 999_499, 999_500, 12_345_678, 2.5e9, 7e15].map(formatBytes)).toEqual([
      ...["0 B", "999 B", "1 kB", "1.2 kB", "999 kB", "1 MB", "12 MB", "2.5 GB", "7000 TB"],
    ]);
  });

  it("never shows a failure as a full reward, nor a probability as more than it is", () => {
    expect(formatReward(0.999)).toBe("0.99");
    expect(formatReward(2 / 3)).toBe("0.67");
    expect(formatReward(1)).toBe("1.00");
    expect(formatReward(null)).toBe("–");
    expect(formatProbability(0.97499)).toBe(".974");
    expect(formatProbability(0.99999)).toBe(".999");
    expect(formatProbability(0.0001)).toBe("< .001");
  });

  it("rounds counts, tokens and durations to what matters", () => {
    expect(formatCapped({ count: 1000, capped: true })).toBe("1,000+");
    expect(formatPercent(0.4899)).toBe("49 %");
    expect([999, 1234, 45_678, 2_000_000].map(formatTokens)).toEqual(["999", "1.2 k", "46 k", "2 M"]);
    expect([900, 61_000, 3_600_000, 5_400_000].map(formatDuration)).toEqual([
      "1 s",
      "1 min 1 s",
      "1 h",
      "1 h 30 min",
    ]);
    expect([plural(1, "step"), plural(0, "step"), plural(2, "query", "queries")]).toEqual([
      "1 step",
      "0 steps",
      "2 queries",
    ]);
  });

  it("says how long ago, and the exact time", () => {
    const at = new Date("2026-11-20T12:00:00Z");
    const after = (seconds: number) => relativeTime(at, new Date(at.getTime() + seconds * 1000));
    expect([0, 120, 7200, 3 * 86_400, 40 * 86_400].map(after)).toEqual([
      "just now",
      "2 min ago",
      "2 h ago",
      "3 d ago",
      "20 Nov 2026",
    ]);
    expect(exactTime(at)).toBe("2026-11-20 12:00:00 UTC");
  });
});

describe("rows of the charts", () => {
  const tally = { errored: 0, low: 0.05, high: 0.7 };

  it("draws only states with a completed rollout, with what the interval reaches below and above", () => {
    const points = pointsOf([
      { ...tally, stateIndex: 0, attempts: 4, successes: 1 },
      { ...tally, stateIndex: 3, attempts: 0, successes: 0, errored: 2 },
    ]);
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({ stateIndex: 0, rate: 0.25 });
    expect(points[0]?.error[0]).toBeCloseTo(0.2);
    expect(points[0]?.error[1]).toBeCloseTo(0.45);
  });

  it("joins neighbours of one verdict into a band, and keeps recovery apart", () => {
    const step = (stepIndex: number, verdict: "beneficial" | "harmful" | null, recovery = false) => ({
      stepIndex,
      verdict,
      recovery,
    });
    const steps = [
      step(0, "beneficial"),
      step(1, "beneficial"),
      step(2, "harmful"),
      step(3, "beneficial", true),
      step(4, null),
    ];
    expect(bandsOf(steps)).toEqual([
      { from: 0, to: 2, verdict: "beneficial", recovery: false },
      { from: 2, to: 3, verdict: "harmful", recovery: false },
      { from: 3, to: 4, verdict: "beneficial", recovery: true },
    ]);
  });

  it("says a mix and a tally in words", () => {
    const mix = { beneficial: 2, harmful: 1, redundant: 0, deadEnd: 3, undecided: 0 };
    expect(mixParts(mix).map((part) => part.verdict)).toEqual(["beneficial", "harmful", "dead_end"]);
    expect(mixWords(mix)).toBe("2 beneficial, 1 harmful, 3 dead end");
    expect(tallyWords({ ...tally, stateIndex: 1, attempts: 4, successes: 1, errored: 2 })).toBe(
      "1 of 4 solved, 95 % interval 5 % to 70 %; 2 errored, which do not count",
    );
    expect(tallyWords(null)).toBe("not probed");
  });
});
