import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import type { StateEvidence } from "@/lib/core/evidence";
import { verdictSentence } from "@/lib/core/sentence";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps as judgeBy, segmentOf, type Judgement } from "@/lib/core/verdict";

const judgeSteps = (length: number, evidence: StateEvidence[], alpha: number) =>
  judgeBy(length, evidence, { ...paperRule, alpha });

const state = (stateIndex: number, successes: number, attempts = 1, errored = 0): StateEvidence => ({
  stateIndex,
  attempts,
  successes,
  errored,
});

/** One letter per segment as eef.md writes them; r is beneficial with recovery, u undecided. */
const letters = (judgement: Judgement): string =>
  judgement.segments
    .map(({ verdict, recovery }) => {
      if (verdict === "beneficial") return recovery ? "r" : "b";
      return { harmful: "h", redundant: "n", dead_end: "d", undecided: "u" }[verdict];
    })
    .join(" ");

const solutions = (judgement: Judgement): string =>
  judgement.solutions
    .map(({ stateIndex, expertPart, rolloutFrom }) => {
      if (rolloutFrom === null) return `${stateIndex}: none`;
      const part = expertPart ? `${expertPart.from}–${expertPart.to}` : "–";
      return `${stateIndex}: ${part}, ${rolloutFrom}`;
    })
    .join(" · ");

/** Probes at 0..K with one rollout each, and one action after the last of them. */
const judgeBits = (bits: number[]) =>
  judgeSteps(
    bits.length,
    bits.map((y, i) => state(i, y)),
    0,
  );

describe("the rule of eef.md section 3", () => {
  it.each([
    ["0 0 0 0", "d d d d", "0: none"],
    ["1 1 1 1", "n n n n", "0: –, 0"],
    ["0 0 1 1", "b b n n", "0: 0–2, 2"],
    ["1 0 0 0", "h d d d", "0: –, 0 · 1: none"],
    ["1 0 0 1", "h r r n", "0: –, 0 · 1: 1–3, 3"],
    ["0 1 0 1", "b h r n", "0: 0–1, 1 · 2: 2–3, 3"],
    ["0 1 0 0", "b h d d", "0: 0–1, 1 · 2: none"],
    ["1 0 1 0", "h r h d", "0: –, 0 · 1: 1–2, 2 · 3: none"],
    ["0", "d", "0: none"],
    ["1", "n", "0: –, 0"],
  ])("y = %s gives %s", (y, expected, solved) => {
    const judgement = judgeBits(y.split(" ").map(Number));
    expect(letters(judgement)).toBe(expected);
    expect(solutions(judgement)).toBe(solved);
  });

  it("is the worked example: probes at 0, 5, 10, 15 of 23 steps with y = 0, 1, 0, 1", () => {
    const evidence = [0, 1, 0, 1].map((y, i) => state(i * 5, y));
    const judgement = judgeSteps(23, evidence, 0);
    expect(
      judgement.segments.map(({ from, to, verdict, recovery }) => [from, to, verdict, recovery]),
    ).toEqual([
      [0, 5, "beneficial", false],
      [5, 10, "harmful", false],
      [10, 15, "beneficial", true],
      [15, 23, "redundant", false],
    ]);
    expect(judgement.solutions).toEqual([
      { stateIndex: 0, recovery: false, expertPart: { from: 0, to: 5 }, rolloutFrom: 5, confirmed: true },
      { stateIndex: 10, recovery: true, expertPart: { from: 10, to: 15 }, rolloutFrom: 15, confirmed: true },
    ]);
    expect(segmentOf(judgement.segments, 9)?.verdict).toBe("harmful");
    expect(segmentOf(judgement.segments, 10)?.recovery).toBe(true);
    expect(segmentOf(judgement.segments, 23)).toBeUndefined();
  });

  it("has no tail when state T itself was probed, in whatever order the evidence comes", () => {
    const judgement = judgeSteps(2, [state(2, 0), state(0, 0), state(1, 1)], 0);
    expect(letters(judgement)).toBe("b h");
    expect(solutions(judgement)).toBe("0: 0–1, 1 · 2: none");
  });

  it.each([
    ["outside the trajectory", [state(4, 1)]],
    ["before its start", [state(-1, 1)]],
    ["twice", [state(1, 1), state(1, 0)]],
  ])("refuses a state that is %s", (_, evidence) => {
    expect(() => judgeSteps(3, evidence, 0)).toThrow(AppError);
  });
});

const anyBits = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 12 });

const anyStates = fc
  .record({
    length: fc.integer({ min: 1, max: 40 }),
    probed: fc.array(
      fc.record({ at: fc.nat(40), attempts: fc.nat(8), hits: fc.nat(8), errored: fc.nat(2) }),
      { maxLength: 10 },
    ),
  })
  .map(({ length, probed }) => {
    const at = new Map(probed.map((p) => [p.at % (length + 1), p]));
    const evidence = [...at].map(([t, p]) => state(t, Math.min(p.hits, p.attempts), p.attempts, p.errored));
    return { length, evidence };
  });

const rank = (judgement: Judgement, stepIndex: number) => segmentOf(judgement.segments, stepIndex)?.verdict;

describe("properties that hold for every y, n and x", () => {
  it("gives every action exactly one verdict", () => {
    fc.assert(
      fc.property(anyStates, fc.double({ min: 0, max: 1, noNaN: true }), ({ length, evidence }, alpha) => {
        const { segments } = judgeSteps(length, evidence, alpha);
        expect(segments.every((s) => s.from < s.to)).toBe(true);
        expect(segments.map((s) => s.from)).toEqual([0, ...segments.slice(0, -1).map((s) => s.to)]);
        expect(segments.at(-1)?.to).toBe(length);
      }),
    );
  });

  it("starts a beneficial segment where y = 0, and only beneficial ones follow up to a state with y = 1", () => {
    fc.assert(
      fc.property(anyBits, (bits) => {
        const { segments } = judgeBits(bits);
        segments.forEach((segment, i) => {
          if (segment.verdict !== "beneficial") return;
          expect(bits[segment.from]).toBe(0);
          const end = segments.findIndex((s, j) => j > i && s.verdict !== "beneficial");
          expect(bits[segments[end]?.from ?? -1]).toBe(1);
        });
      }),
    );
  });

  it("never trains on a harmful segment, nor on anything that is not beneficial", () => {
    fc.assert(
      fc.property(anyStates, fc.double({ min: 0, max: 1, noNaN: true }), ({ length, evidence }, alpha) => {
        const { segments, solutions } = judgeSteps(length, evidence, alpha);
        for (const { expertPart, confirmed } of solutions) {
          if (!expertPart) continue;
          const inside = segments.filter((s) => s.from < expertPart.to && expertPart.from < s.to);
          expect(inside.some((s) => s.verdict === "harmful" || s.proposed === "harmful")).toBe(false);
          expect(confirmed).toBe(inside.every((s) => s.verdict === "beneficial"));
        }
      }),
    );
  });

  it("calls nothing a dead end because of one more success", () => {
    fc.assert(
      fc.property(anyStates, fc.nat(), ({ length, evidence }, pick) => {
        const lucky = evidence[pick % Math.max(1, evidence.length)];
        if (!lucky) return;
        const better = { ...lucky, attempts: lucky.attempts + 1, successes: lucky.successes + 1 };
        const before = judgeSteps(length, evidence, 0);
        const after = judgeSteps(
          length,
          evidence.map((s) => (s === lucky ? better : s)),
          0,
        );
        for (let t = 0; t < length; t++) {
          if (!["redundant", "beneficial"].includes(rank(before, t) ?? "")) continue;
          expect(rank(after, t)).not.toBe("dead_end");
        }
      }),
    );
  });

  it("has at most one solution per important state, each solved from a state that was solved", () => {
    fc.assert(
      fc.property(anyBits, (bits) => {
        const { solutions } = judgeBits(bits);
        const important = bits.filter((y, i) => i === 0 || (bits[i - 1] === 1 && y === 0)).length;
        expect(solutions.length).toBe(important);
        expect(new Set(solutions.map((s) => s.stateIndex)).size).toBe(solutions.length);
        for (const { rolloutFrom } of solutions) if (rolloutFrom !== null) expect(bits[rolloutFrom]).toBe(1);
      }),
    );
  });

  it("asks for more with a larger alpha: what is undecided stays undecided, nothing else changes", () => {
    fc.assert(
      fc.property(anyStates, fc.nat(100), fc.nat(100), ({ length, evidence }, a, b) => {
        const [low, high] = [Math.min(a, b) / 100, Math.max(a, b) / 100];
        const [lenient, strict] = [judgeSteps(length, evidence, low), judgeSteps(length, evidence, high)];
        lenient.segments.forEach((segment, i) => {
          const other = strict.segments[i];
          expect(other?.proposed).toBe(segment.proposed);
          if (segment.verdict === "undecided") expect(other?.verdict).toBe("undecided");
          else expect(["undecided", segment.verdict]).toContain(other?.verdict);
        });
      }),
    );
  });
});

describe("missing evidence", () => {
  it("is undecided throughout without any completed rollout, with the reason", () => {
    expect(judgeSteps(3, [], 0).segments).toMatchObject([
      { from: 0, to: 3, verdict: "undecided", proposed: null, undecidedReason: "no_evidence" },
    ]);
    expect(judgeSteps(3, [state(0, 0, 0, 2), state(1, 0, 0)], 0).segments).toMatchObject([
      { from: 0, to: 3, verdict: "undecided", undecidedReason: "only_errored" },
    ]);
  });

  it("judges across a broken state only where both sides are known, and says what is missing", () => {
    const judgement = judgeSteps(6, [state(0, 1), state(2, 0, 0, 1), state(4, 0), state(5, 1)], 0);
    expect(judgement.segments).toMatchObject([
      { from: 0, to: 4, verdict: "undecided", proposed: "harmful", undecidedReason: "only_errored" },
      { from: 4, to: 5, verdict: "beneficial", undecidedReason: null },
      { from: 5, to: 6, verdict: "redundant" },
    ]);
  });

  it("never confirms a solution whose expert part lies over a broken state", () => {
    const judgement = judgeSteps(4, [state(0, 0), state(1, 0), state(2, 0, 0, 1), state(3, 1)], 0);
    expect(letters(judgement)).toBe("b u n");
    expect(judgement.solutions).toMatchObject([{ stateIndex: 0, rolloutFrom: 3, confirmed: false }]);
  });

  it("calls nothing a dead end while a later state is unknown", () => {
    const judgement = judgeSteps(6, [state(0, 0), state(2, 0), state(4, 0, 0, 1)], 0);
    expect(judgement.segments).toMatchObject([
      { from: 0, to: 2, verdict: "undecided", proposed: "dead_end", undecidedReason: "only_errored" },
      { from: 2, to: 6, verdict: "undecided", proposed: "dead_end", undecidedReason: "only_errored" },
    ]);
  });

  it("does not blame a later broken state for a start that was never probed", () => {
    const judgement = judgeSteps(6, [state(2, 1), state(4, 0, 0, 1)], 0);
    expect(judgement.segments[0]).toMatchObject({ from: 0, to: 2, undecidedReason: "no_evidence" });
    expect(judgement.segments[1]).toMatchObject({ from: 2, to: 6, undecidedReason: "only_errored" });
  });

  it("takes an errored rollout beside completed ones for nothing", () => {
    expect(letters(judgeSteps(2, [state(0, 1, 2, 3), state(1, 0, 2, 5)], 0))).toBe("h d");
  });
});

describe("confidence", () => {
  const careful = { ...paperRule, alpha: 0.975 };
  it("leaves a change undecided below alpha, with the proposal and the evidence it rests on", () => {
    const { segments, solutions } = judgeSteps(2, [state(0, 0), state(1, 1)], 0.975);
    expect(segments[0]).toMatchObject({
      verdict: "undecided",
      proposed: "beneficial",
      undecidedReason: "low_confidence",
      before: { stateIndex: 0, attempts: 1, successes: 0 },
      after: { stateIndex: 1, attempts: 1, successes: 1 },
    });
    expect(segments[0]?.probability).toBeCloseTo(0.905, 3);
    expect(solutions[0]?.confirmed).toBe(false);
    expect(segments[1]?.verdict).toBe("redundant");
    expect(segments.map((s) => verdictSentence(s, careful))[0]).toBe(
      "Looks beneficial, but 0/1 before, 1/1 after: P = .905, needs .975.",
    );
  });

  it("never rounds a probability up to the one that was asked for", () => {
    const [segment] = judgeSteps(2, [state(0, 0, 4), state(1, 2, 4)], 0).segments;
    const almost = {
      ...segment!,
      probability: 0.97496,
      verdict: "undecided",
      undecidedReason: "low_confidence",
    } as const;
    expect(verdictSentence(almost, careful)).toContain("P = .974, needs .975");
  });

  it("confirms it once there is enough", () => {
    const { segments, solutions } = judgeSteps(2, [state(0, 0, 4), state(1, 4, 4)], 0.975);
    expect(segments[0]?.verdict).toBe("beneficial");
    expect(solutions[0]?.confirmed).toBe(true);
  });

  it("compares the important state with the first solved one, not neighbours", () => {
    const { segments } = judgeSteps(3, [state(0, 0, 4), state(1, 0, 1), state(2, 4, 4)], 0.975);
    expect(segments.slice(0, 2).map((s) => s.verdict)).toEqual(["beneficial", "beneficial"]);
    expect(segments[1]).toMatchObject({ before: { stateIndex: 0 }, after: { stateIndex: 2 } });
  });

  it("asks the opposite of a harmful segment", () => {
    const low = judgeSteps(2, [state(0, 1), state(1, 0)], 0.975).segments[0];
    expect(low).toMatchObject({
      verdict: "undecided",
      proposed: "harmful",
      undecidedReason: "low_confidence",
    });
    expect(low?.probability).toBeCloseTo(0.905, 3);
    expect(letters(judgeSteps(2, [state(0, 8, 8), state(1, 0, 8)], 0.975))).toBe("h d");
  });
});
