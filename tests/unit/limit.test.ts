import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "@/lib/core/adapt";
import { letProbe } from "@/lib/core/breaker";
import { DEFAULT_PACE, emptyTally, shareOf, startLimit, type LimitState, type Tally } from "@/lib/core/limit";

const limits = { start: 20, min: 10, max: 100 };
const after = (
  state: LimitState,
  tally: Partial<Tally>,
  at: number,
  report: { owner?: string; workers?: number; inDemand?: boolean } = {},
) =>
  advance(
    state,
    limits,
    { ...emptyTally(), ...tally },
    { owner: "a", workers: 1, at, inDemand: true, ...report },
  );
const begun = startLimit(limits, 0);

/** What a server that refuses beyond its capacity makes of a limit, round by round. */
function settle(capacity: number, rounds: number, roundMs = 800): LimitState {
  let state = begun;
  for (let n = 1; n <= rounds; n++) {
    const refused = Math.max(0, state.limit - capacity);
    state = after(state, { refused, answered: state.limit - refused }, n * roundMs);
  }
  return state;
}

describe("the limit", () => {
  it("doubles round by round until something is refused", () => {
    const first = after(begun, { answered: 20 }, 1000);
    expect(first).toMatchObject({ limit: 40, slowStart: true });
    expect(after(first, { answered: 39 }, 2000).limit).toBe(40);
    const second = after(first, { answered: 40 }, 2000);
    expect(second.limit).toBe(80);
    expect(after(second, { answered: 80 }, 3000).limit).toBe(100);
  });

  it("is cut once per episode, and grows slowly afterwards", () => {
    const cut = after({ ...begun, limit: 50 }, { answered: 30, refused: 20 }, 1000);
    expect(cut).toMatchObject({ limit: 40, slowStart: false, cooldownUntil: 16_000 });
    expect(cut.reason).toContain("20 calls of 50");
    const same = after(cut, { refused: 40 }, 15_999);
    expect(same.limit).toBe(40);
    const again = after(same, { refused: 40 }, 16_000);
    expect(again.limit).toBe(32);
    expect(after(cut, { answered: 40 }, 16_000).limit).toBe(42);
  });

  it("cools down for as long as the server asks, within reason", () => {
    const cut = after(begun, { refused: 20, retryAfterMs: 60_000 }, 1000);
    expect(cut.cooldownUntil).toBe(61_000);
    expect(after(cut, { refused: 1, retryAfterMs: 90_000 }, 2000).cooldownUntil).toBe(92_000);
    expect(after(begun, { refused: 20, retryAfterMs: 1e12 }, 0).cooldownUntil).toBe(3_600_000);
  });

  it("takes a few refusals among many answers for noise", () => {
    expect(after(begun, { answered: 18, refused: 2 }, 1000).limit).toBe(20);
    expect(after({ ...begun, limit: 100 }, { answered: 89, refused: 11 }, 1000).limit).toBe(80);
  });

  it("waits with growing while calls break, and while nobody needs more", () => {
    expect(after(begun, { answered: 20, broken: 30 }, 1000).limit).toBe(20);
    expect(after(begun, { answered: 20, broken: 5 }, 1000).limit).toBe(40);
    expect(after(begun, { answered: 20 }, 1000, { inDemand: false }).limit).toBe(20);
  });

  it.each([15, 40, 73])("settles near a capacity of %i", (capacity) => {
    const limit = settle(capacity, 400).limit;
    expect(limit).toBeGreaterThanOrEqual(capacity * 0.85);
    expect(limit).toBeLessThanOrEqual(capacity * 1.2);
  });

  it("never leaves its bounds, whatever happens", () => {
    const tally = fc.record({
      answered: fc.nat(200),
      refused: fc.nat(50),
      broken: fc.nat(50),
      streak: fc.nat(50),
      retryAfterMs: fc.nat(10_000),
    });
    fc.assert(
      fc.property(fc.array(tally, { maxLength: 60 }), (tallies) => {
        let state = begun;
        for (const [n, each] of tallies.entries()) {
          state = letProbe(after(state, each, n * 5000), "a", n * 5000);
          expect(state.limit).toBeGreaterThanOrEqual(limits.min);
          expect(state.limit).toBeLessThanOrEqual(limits.max);
        }
      }),
    );
  });

  it("follows bounds that were changed", () => {
    const report = { owner: "a", workers: 1, at: 0, inDemand: false };
    expect(advance(begun, { start: 4, min: 4, max: 4 }, emptyTally(), report).limit).toBe(4);
  });
});

describe("the breaker", () => {
  const broken = (count: number) => ({ broken: count, streak: count });
  const open = after(begun, broken(5), 5000);

  it("opens after failures in a row while nobody has had an answer for a while", () => {
    expect(after(begun, broken(4), 5000).breaker).toBe("closed");
    expect(after(begun, broken(50), 1999).breaker).toBe("closed");
    expect(open).toMatchObject({ breaker: "open", probeAt: 6000, reason: "5 calls in a row failed" });
    const answered = after(after(begun, broken(4), 5000), { answered: 1, broken: 3, streak: 0 }, 5500);
    expect(answered).toMatchObject({ breaker: "closed", failures: 0 });
  });

  it("wants to hear it from two workers where there are two", () => {
    const one = after(begun, broken(9), 5000, { workers: 3 });
    expect(one.breaker).toBe("closed");
    expect(after(one, broken(1), 5000, { workers: 3, owner: "b" }).breaker).toBe("open");
  });

  it("lets one worker make one call, at growing intervals, and closes at any answer", () => {
    const wants = ["a", "b"].map((owner) => ({ owner, want: 9 }));
    expect(shareOf(open, wants, "a", 0)).toBe(0);
    expect(letProbe(open, "a", 5999).breaker).toBe("open");
    const trying = letProbe(open, "b", 6000);
    expect(letProbe(trying, "a", 6001).prober).toBe("b");
    expect([shareOf(trying, wants, "a", 0), shareOf(trying, wants, "b", 0)]).toEqual([0, 1]);
    const still = after(trying, broken(1), 7000, { owner: "b" });
    expect(still).toMatchObject({ breaker: "open", probeMs: 2000, probeAt: 9000 });
    const back = after(letProbe(still, "a", 9000), { answered: 1 }, 9500);
    expect(back).toMatchObject({ breaker: "closed", limit: 20, slowStart: true, failures: 0 });
  });

  it("takes a refusal for a sign of life", () => {
    expect(after(letProbe(open, "a", 6000), { refused: 1 }, 6500).breaker).toBe("closed");
  });

  it("tries at least every minute, and replaces a worker that never came back", () => {
    let state = open;
    for (let n = 0, at = 6000; n < 12; n++, at = state.probeAt)
      state = after(letProbe(state, "a", at), broken(1), at);
    expect(state.probeMs).toBe(DEFAULT_PACE.longestProbeMs);
    const lost = letProbe(open, "gone", 6000);
    expect(letProbe(lost, "b", lost.probeAt).prober).toBe("b");
  });
});

describe("shares", () => {
  const shares = (limit: number, wants: number[], turn = 0) => {
    const all = wants.map((want, n) => ({ owner: `w${n}`, want }));
    return all.map(({ owner }) => shareOf({ ...begun, limit }, all, owner, turn));
  };

  it("are even, and what one does not want the others get", () => {
    expect(shares(20, [50, 50])).toEqual([10, 10]);
    expect(shares(20, [4, 50])).toEqual([4, 16]);
    expect(shares(20, [3, 5])).toEqual([3, 5]);
  });

  it("take turns where there are more workers than places", () => {
    const given = [0, 1, 2].map((turn) => shares(1, [9, 2, 5], turn).join());
    expect(new Set(given)).toEqual(new Set(["1,0,0", "0,1,0", "0,0,1"]));
  });

  it("never add up to more than the limit, and leave nothing that is wanted", () => {
    const wants = fc.array(fc.nat(60), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), wants, fc.nat(9), (limit, each, turn) => {
        const total = shares(limit, each, turn).reduce((a, b) => a + b, 0);
        const wanted = each.reduce((a, b) => a + b, 0);
        expect(total).toBeLessThanOrEqual(limit);
        if (limit >= each.length) expect(total).toBe(Math.min(limit, wanted));
      }),
    );
  });
});
