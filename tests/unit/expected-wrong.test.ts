import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StateEvidence } from "@/lib/core/evidence";
import {
  alphaForShare,
  claimsAt,
  claimsOf,
  expectedWrong,
  tradeOffs,
  type Claim,
} from "@/lib/core/expected-wrong";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";

const state = (stateIndex: number, successes: number, attempts: number): StateEvidence => ({
  stateIndex,
  attempts,
  successes,
  errored: 0,
});

const claimed = (...states: StateEvidence[]) => claimsOf(judgeSteps(6, states, paperRule).segments);

const anyClaims = fc.array(
  fc.record({
    verdict: fc.constantFrom("beneficial" as const, "harmful" as const),
    actions: fc.integer({ min: 1, max: 9 }),
    // Few values, so that claims are often equally sure.
    probability: fc.integer({ min: 50, max: 100 }).map((p) => p / 100),
  }),
  { maxLength: 30 },
);
const anyShare = fc.integer({ min: 0, max: 100 }).map((p) => p / 100);

describe("a claim", () => {
  it.each([
    ["0/1", "1/1", 0.1],
    ["0/4", "2/4", 0.05],
    ["0/4", "4/4", 0.001],
    ["0/8", "2/8", 0.06],
  ])("%s before and %s after is wrong with probability %s (eef.md 5)", (before, after, wrong) => {
    const [x = 0, n = 0] = before.split("/").map(Number);
    const [y = 0, m = 0] = after.split("/").map(Number);
    const beneficial = claimed(state(0, x, n), state(3, y, m));
    const harmful = claimed(state(0, y, m), state(3, x, n));
    for (const claims of [beneficial, harmful]) {
      expect(claims).toHaveLength(1);
      expect(Math.abs(expectedWrong(claims).expectedWrong - wrong)).toBeLessThan(0.01);
    }
    expect([beneficial[0]?.verdict, harmful[0]?.verdict]).toEqual(["beneficial", "harmful"]);
  });

  it("is one for all segments that rest on the same two states, and counts their actions", () => {
    const claims = claimed(state(0, 0, 1), state(2, 0, 1), state(4, 1, 1));
    expect(claims).toMatchObject([{ verdict: "beneficial", actions: 4 }]);
    const two = claimed(state(0, 1, 1), state(1, 0, 1), state(4, 1, 1));
    expect(two).toMatchObject([
      { verdict: "harmful", actions: 1 },
      { verdict: "beneficial", actions: 3 },
    ]);
  });

  it("is not made by what changes nothing, nor by what no confidence would decide", () => {
    expect(claimed(state(0, 1, 1), state(3, 1, 1))).toEqual([]);
    expect(claimed(state(0, 0, 1))).toEqual([]);
    const few = { ...paperRule, minAttempts: 2 };
    expect(claimsOf(judgeSteps(6, [state(0, 0, 1), state(3, 1, 1)], few).segments)).toEqual([]);
  });

  it("is the same whatever confidence was asked, and confirmed exactly where the judge confirms it", () => {
    const states = [state(0, 0, 4), state(2, 2, 4), state(3, 1, 4), state(4, 0, 4)];
    for (const alpha of [0, 0.9, 0.96, 1]) {
      const { segments } = judgeSteps(6, states, { ...paperRule, alpha });
      expect(claimsOf(segments)).toEqual(claimed(...states));
      const decided = segments.filter((s) => s.verdict === "beneficial" || s.verdict === "harmful");
      expect(expectedWrong(claimsAt(claimsOf(segments), alpha)).actions).toBe(
        decided.reduce((sum, { from, to }) => sum + to - from, 0),
      );
    }
  });

  it("is never less likely true for more rollouts that speak for it", () => {
    const most = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(most, fc.nat(12), fc.boolean(), (failures, successes, atEnd) => {
        const [before, after] = [state(0, 0, failures + 1), state(3, successes + 1, successes + 3)];
        const [was] = claimed(before, after);
        const [is] = atEnd
          ? claimed(before, { ...after, attempts: after.attempts + 1, successes: after.successes + 1 })
          : claimed({ ...before, attempts: before.attempts + 1 }, after);
        expect(is?.probability).toBeGreaterThan(was?.probability ?? 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the expected number of wrong claims", () => {
  it("lies between none and all of them, for claims and for actions", () => {
    fc.assert(
      fc.property(anyClaims, (claims) => {
        const count = expectedWrong(claims);
        expect(count.claims).toBe(claims.length);
        expect(count.expectedWrong).toBeGreaterThanOrEqual(0);
        expect(count.expectedWrong).toBeLessThanOrEqual(count.claims);
        expect(count.expectedWrongActions).toBeLessThanOrEqual(count.actions);
      }),
    );
  });

  it("falls with alpha, and so does its share", () => {
    fc.assert(
      fc.property(anyClaims, anyShare, anyShare, (claims, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((at) => expectedWrong(claimsAt(claims, at)));
        expect(high?.expectedWrong).toBeLessThanOrEqual((low?.expectedWrong ?? 0) + 1e-9);
        const share = ({ claims: m, expectedWrong: n } = expectedWrong([])) => (m === 0 ? 0 : n / m);
        expect(share(high)).toBeLessThanOrEqual(share(low) + 1e-9);
      }),
    );
  });
});

describe("false-discovery control", () => {
  const sure = (probability: number): Claim => ({ verdict: "beneficial", actions: 1, probability });

  it("keeps as much as the share allows, by trying every confidence there is", () => {
    fc.assert(
      fc.property(anyClaims, anyShare, (claims, share) => {
        const within = (kept: Claim[]) => expectedWrong(kept).expectedWrong <= share * kept.length + 1e-9;
        const tried = Array.from({ length: 102 }, (_, i) => claimsAt(claims, i / 100));
        const most = Math.max(...tried.filter(within).map((kept) => kept.length));
        const alpha = alphaForShare(claims, share);
        const kept = alpha === null ? [] : claimsAt(claims, alpha);
        expect(within(kept)).toBe(true);
        expect(kept.length).toBe(most);
      }),
    );
  });

  it("spends what sure claims leave on less sure ones", () => {
    // .01 + .01 + .10 = .12 of 3 is 4 %, with another .85 it is .27 of 4, 6.75 %.
    expect(alphaForShare([sure(0.99), sure(0.99), sure(0.9), sure(0.85)], 0.05)).toBe(0.851);
    expect(alphaForShare([sure(0.99), sure(0.99), sure(0.9), sure(0.85)], 0.07)).toBe(0);
    expect(alphaForShare([sure(0.99), sure(0.9), sure(0.9)], 0.05)).toBe(0.901);
    expect(alphaForShare([sure(0.9012), sure(0.9014)], 0.0986)).toBe(0.9014);
  });

  it("says when no confidence reaches the share, and asks nothing where nothing is claimed", () => {
    expect(alphaForShare([sure(0.905)], 0.05)).toBeNull();
    expect(alphaForShare([], 0.05)).toBe(0);
    // 1 - .95 is a little more than .05 in binary.
    expect(alphaForShare([sure(0.95)], 0.05)).toBe(0);
  });
});

describe("the trade-off", () => {
  it("has a point for every confidence that changes something, from everything to the surest", () => {
    const claims = claimed(state(0, 0, 4), state(2, 4, 4)).concat(claimed(state(0, 1, 1), state(1, 0, 1)));
    const points = tradeOffs(claims, 40);
    expect(points).toMatchObject([
      { claims: 2, beneficialActions: 2, actions: 3 },
      { claims: 1, beneficialActions: 2, actions: 2 },
    ]);
    expect(points[0]?.alpha).toBeCloseTo(0.905, 3);
    expect(tradeOffs([], 40)).toEqual([]);
  });

  it("is thinned out to as many points as asked for, the first of them everything", () => {
    fc.assert(
      fc.property(anyClaims, fc.integer({ min: 1, max: 12 }), (claims, most) => {
        const points = tradeOffs(claims, most);
        expect(points.length).toBeLessThanOrEqual(most);
        if (claims.length > 0) expect(points[0]?.claims).toBe(claims.length);
      }),
    );
  });
});
