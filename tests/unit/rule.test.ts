import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StateEvidence } from "@/lib/core/evidence";
import { isSolved, paperRule, ruleVersions, type VerdictRule } from "@/lib/core/rule";
import { verdictSentence } from "@/lib/core/sentence";
import { judgeSteps } from "@/lib/core/verdict";

const state = (stateIndex: number, successes: number, attempts: number, errored = 0): StateEvidence => ({
  stateIndex,
  attempts,
  successes,
  errored,
});
const verdictsOf = (states: StateEvidence[], rule: VerdictRule) =>
  judgeSteps(8, states, rule).segments.map(({ verdict, undecidedReason }) => undecidedReason ?? verdict);

const anyStates = fc
  .uniqueArray(fc.record({ at: fc.nat(7), attempts: fc.nat(12), hits: fc.nat(12) }), {
    maxLength: 8,
    selector: ({ at }) => at,
  })
  .map((states) => states.map(({ at, attempts, hits }) => state(at, Math.min(hits, attempts), attempts)));

describe("the least number of rollouts", () => {
  const few = { ...paperRule, minAttempts: 4 };

  it("leaves a verdict undecided that rests on a state with fewer, whichever verdict", () => {
    expect(verdictsOf([state(0, 0, 4), state(4, 1, 3)], few)).toEqual(["few_attempts", "few_attempts"]);
    expect(verdictsOf([state(0, 2, 3), state(4, 0, 4)], few)).toEqual(["few_attempts", "dead_end"]);
    expect(verdictsOf([state(0, 1, 4), state(4, 1, 1)], few)).toEqual(["few_attempts", "few_attempts"]);
    expect(verdictsOf([state(0, 0, 4), state(4, 4, 4)], few)).toEqual(["beneficial", "redundant"]);
  });

  it("asks it of every later state of a dead end, and of the compared states only of the others", () => {
    expect(verdictsOf([state(0, 0, 4), state(4, 0, 1)], few)).toEqual(["few_attempts", "few_attempts"]);
    expect(verdictsOf([state(0, 0, 4), state(2, 0, 1), state(4, 3, 4)], few)).toEqual([
      "beneficial",
      "beneficial",
      "redundant",
    ]);
  });

  it("says how many are missing, before it speaks of confidence", () => {
    const rule = { ...few, alpha: 0.99 };
    const { segments, solutions } = judgeSteps(8, [state(0, 0, 1), state(4, 1, 1)], rule);
    expect(segments.map((segment) => verdictSentence(segment, rule))[0]).toBe(
      "Looks beneficial, but 0/1 before, 1/1 after: needs at least 4 rollouts of each state it rests on.",
    );
    expect(solutions[0]?.confirmed).toBe(false);
  });

  it("is all that is asked of redundant and dead-end segments, which claim no change", () => {
    const certain = { ...paperRule, alpha: 1 };
    expect(verdictsOf([state(0, 1, 1), state(1, 1, 1)], certain)).toEqual(["redundant", "redundant"]);
    expect(judgeSteps(1, [state(0, 0, 1)], certain).segments).toMatchObject([
      { verdict: "dead_end", probability: null },
    ]);
  });

  it("only ever takes verdicts away", () => {
    fc.assert(
      fc.property(anyStates, fc.integer({ min: 1, max: 12 }), (states, minAttempts) => {
        const lenient = judgeSteps(8, states, paperRule).segments;
        judgeSteps(8, states, { ...paperRule, minAttempts }).segments.forEach((segment, i) => {
          expect(segment.proposed).toBe(lenient[i]?.proposed);
          expect(["undecided", lenient[i]?.verdict]).toContain(segment.verdict);
        });
      }),
    );
  });
});

describe("the rule versions", () => {
  it("say the same up to five rollouts per state", () => {
    for (let attempts = 0; attempts <= 5; attempts++)
      for (let successes = 0; successes <= attempts; successes++)
        expect(isSolved({ attempts, successes }, "eef-2")).toBe(isSolved({ attempts, successes }, "eef-1"));
  });

  it.each([
    ["1/6", false],
    ["1/8", false],
    ["2/8", true],
    ["3/16", false],
    ["4/16", true],
    ["0/0", false],
  ])("eef-2 says of %s: %s", (tally, solved) => {
    const [successes = 0, attempts = 0] = tally.split("/").map(Number);
    expect(isSolved({ attempts, successes }, "eef-2")).toBe(solved);
  });

  it("eef-2 takes a lucky success for none", () => {
    const states = [state(0, 1, 8), state(4, 6, 8)];
    expect(verdictsOf(states, paperRule)).toEqual(["redundant", "redundant"]);
    const rule = { ...paperRule, ruleVersion: "eef-2", alpha: 0.95 } as const;
    expect(verdictsOf(states, rule)).toEqual(["beneficial", "redundant"]);
    const [deadEnd] = judgeSteps(8, [state(0, 1, 8)], rule).segments.map((s) => verdictSentence(s, rule));
    expect(deadEnd).toContain("no later probed state was solved often enough");
  });

  /** P of no more than `most` successes in n rollouts at rate p. */
  const atMost = (most: number, n: number, p: number): number => {
    let [term, sum] = [(1 - p) ** n, 0];
    for (let x = 0; x <= most; x++) {
      sum += term;
      term *= ((n - x) / (x + 1)) * (p / (1 - p));
    }
    return sum;
  };

  /** How often a segment that changes nothing is called beneficial, with k rollouts before and after. */
  const falseBeneficial = (k: number, p: number, ruleVersion: (typeof ruleVersions)[number]): number => {
    let least = 0;
    while (!isSolved({ attempts: k, successes: least }, ruleVersion)) least += 1;
    const unsolved = atMost(least - 1, k, p);
    return unsolved * (1 - unsolved);
  };

  it("differ in what more rollouts do to hard tasks: worse under eef-1, no worse under eef-2", () => {
    expect(falseBeneficial(1, 0.05, "eef-1")).toBeCloseTo(0.05, 2);
    expect(falseBeneficial(8, 0.05, "eef-1")).toBeCloseTo(0.22, 2);
    expect(falseBeneficial(8, 0.05, "eef-2")).toBeCloseTo(0.05, 2);
    expect(falseBeneficial(16, 0.05, "eef-2")).toBeLessThan(0.01);
  });

  it("never turn an action into a dead end by one more success", () => {
    fc.assert(
      fc.property(anyStates, fc.nat(), fc.constantFrom(...ruleVersions), (states, pick, ruleVersion) => {
        const rule = { ...paperRule, ruleVersion };
        const lucky = states[pick % Math.max(1, states.length)];
        const better = states.map((s) =>
          s === lucky ? { ...s, attempts: s.attempts + 1, successes: s.successes + 1 } : s,
        );
        const verdictAt = (given: StateEvidence[], step: number) =>
          judgeSteps(8, given, rule).segments.find((s) => s.from <= step && step < s.to)?.verdict;
        for (let step = 0; step < 8; step++)
          if (["redundant", "beneficial"].includes(verdictAt(states, step) ?? ""))
            expect(verdictAt(better, step)).not.toBe("dead_end");
      }),
    );
  });
});
