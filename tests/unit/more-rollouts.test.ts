import { paperRule } from "@/lib/core/rule";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buyRollouts, confirmChance, doubtsOf, type Doubt } from "@/lib/core/more-rollouts";
import { draws } from "@/lib/core/profile";
import { probabilityGreater } from "@/lib/core/statistics";
import { judgeSteps } from "@/lib/core/verdict";

const at = (attempts: number, successes: number) => ({ attempts, successes });
const doubt = (before: number[], after: number[], proposed: Doubt["proposed"] = "beneficial"): Doubt => ({
  before: at(before[0] ?? 0, before[1] ?? 0),
  after: at(after[0] ?? 0, after[1] ?? 0),
  proposed,
});

describe("what more rollouts buy", () => {
  it("agrees with drawing rates from the posteriors and rolling out", () => {
    const draw = draws(7);
    const gamma = (halves: number) => {
      // Sums of squared normals: Gamma(h / 2).
      let sum = 0;
      for (let i = 0; i < halves; i++)
        sum += (Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())) ** 2;
      return sum;
    };
    const rate = (n: number, x: number) => {
      const a = gamma(2 * x + 1);
      return a / (a + gamma(2 * (n - x) + 1));
    };
    const successes = (p: number, more: number) =>
      Array.from({ length: more }, draw).filter((u) => u < p).length;
    const confirms = new Map<number, boolean>();
    let confirmed = 0;
    const times = 40_000;
    for (let i = 0; i < times; i++) {
      const low = successes(rate(2, 0), 4);
      const high = successes(rate(2, 2), 4);
      if (low > 0) continue;
      const sure = confirms.get(high) ?? probabilityGreater(at(6, 2 + high), at(6, 0)) >= 0.975;
      confirms.set(high, sure);
      if (sure) confirmed += 1;
    }
    expect(confirmChance(doubt([2, 0], [2, 2]), 4, 0.975)).toBeCloseTo(confirmed / times, 1.7);
  });

  it("is the same for a harmful change, the other way round", () => {
    const beneficial = confirmChance(doubt([4, 0], [4, 2]), 4, 0.975);
    expect(confirmChance(doubt([4, 2], [4, 0], "harmful"), 4, 0.975)).toBeCloseTo(beneficial, 12);
  });

  it("never promises more than there is, nor for less than nothing", () => {
    const tally = fc.nat(6).chain((n) => fc.tuple(fc.constant(n + 1), fc.integer({ min: 1, max: n + 1 })));
    const some = fc.array(fc.tuple(fc.nat(8), tally), { maxLength: 6 });
    fc.assert(
      fc.property(some, fc.nat(120), (pairs, budget) => {
        const doubts = pairs.map(([n, after]) => doubt([n + 1, 0], after));
        const bought = buyRollouts(doubts, 0.975, budget);
        expect(bought.rollouts).toBeLessThanOrEqual(budget);
        expect(bought.confirmed).toBeLessThanOrEqual(doubts.length);
        expect(buyRollouts(doubts, 0.975, 0)).toMatchObject({ confirmed: 0, rollouts: 0 });
        const more = buyRollouts(doubts, 0.975, 1000);
        expect(more.confirmed).toBeGreaterThanOrEqual(bought.confirmed - 1e-12);
      }),
      { numRuns: 30 },
    );
  });

  it("takes a beneficial stretch for one change, and only what confidence keeps undecided", () => {
    const state = (stateIndex: number, attempts: number, successes: number) => ({
      ...{ stateIndex, attempts, successes, errored: 0 },
    });
    const evidence = [state(0, 1, 0), state(2, 1, 0), state(4, 1, 1), state(6, 1, 0), state(8, 9, 9)];
    const { segments } = judgeSteps(10, evidence, { ...paperRule, alpha: 0.95 });
    expect(doubtsOf(segments).map((d) => [d.proposed, d.before.attempts, d.after.attempts])).toEqual([
      ["beneficial", 1, 1],
      ["harmful", 1, 1],
    ]);
    expect(doubtsOf(judgeSteps(10, evidence, paperRule).segments)).toEqual([]);
  });
});
