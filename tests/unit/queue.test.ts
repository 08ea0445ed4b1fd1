import { describe, expect, it } from "vitest";
import { arrange, draw, minerSide, settleVotes, sideOf, type Vote } from "@/lib/core/queue";
import { reportOn, type CountedVote } from "@/lib/core/queue-report";
import { decisions } from "@/lib/core/review";
import { verdicts } from "@/lib/core/verdict";

const [ada, bob] = [1, 2];
const vote = (personId: number, decision: Vote["decision"], change: Partial<Vote> = {}): Vote => ({
  personId,
  target: "step",
  targetIndex: 3,
  decision,
  reason: null,
  note: null,
  verdict: "beneficial",
  verdictSeen: "beneficial",
  version: 1,
  ...change,
});
const settled = (...votes: Vote[]) => settleVotes(votes, 2).map((outcome) => outcome.decision);

describe("the votes on one target", () => {
  it.each([
    ["approve", "approve", "approve"],
    ["approve", "promote", "approve"],
    ["veto", "veto", "veto"],
    ["approve", "veto", "dispute"],
    ["veto", "approve", "dispute"],
  ] as const)("%s and %s come to %s", (one, other, outcome) => {
    expect(settled(vote(ada, one), vote(bob, other))).toEqual([outcome]);
  });

  it("of one person where two were asked: keeping it is disputed, dropping it is not", () => {
    expect(settled(vote(ada, "approve"))).toEqual(["dispute"]);
    expect(settled(vote(ada, "veto"))).toEqual(["veto"]);
  });

  it("that keep what the miner does not keep promote it, whatever they were called", () => {
    const hidden = { verdict: "redundant", verdictSeen: null };
    expect(settled(vote(ada, "approve", hidden), vote(bob, "approve", hidden))).toEqual(["promote"]);
  });

  it("count as each person said last; what was taken back does not count", () => {
    const changed = vote(ada, "veto", { version: 2 });
    expect(settled(changed, vote(ada, "approve"), vote(bob, "veto"))).toEqual(["veto"]);
    expect(settled(vote(ada, "approve"), vote(ada, "withdraw", { version: 2 }))).toEqual([]);
  });

  it("keep what was said with them, but no reason for a dispute, and no verdict somebody did not see", () => {
    const [veto] = settleVotes(
      [vote(ada, "veto", { reason: "lucky", note: "a" }), vote(bob, "veto", { note: "b" })],
      2,
    );
    expect(veto).toMatchObject({ reason: "lucky", note: "a\nb", verdictSeen: "beneficial", personId: bob });
    const [dispute] = settleVotes([vote(ada, "veto", { reason: "lucky" }), vote(bob, "approve")], 2);
    expect(dispute).toMatchObject({ decision: "dispute", reason: null });
    const [blind] = settleVotes([vote(ada, "approve", { verdictSeen: null })], 1);
    expect(blind?.verdictSeen).toBeNull();
  });

  it("are settled apart from those on others", () => {
    const other = { target: "solution", targetIndex: 3 } as const;
    const outcomes = settleVotes([vote(ada, "approve"), vote(ada, "veto", other)], 1);
    expect(outcomes.map((o) => [o.target, o.decision])).toEqual([
      ["step", "approve"],
      ["solution", "veto"],
    ]);
  });
});

it("every decision and every verdict takes a side, or none on purpose", () => {
  expect(decisions.map(sideOf)).toEqual(["keep", "drop", "keep", null]);
  expect(sideOf("dispute")).toBeNull();
  const none = [...verdicts, "solved", "unsolved"].filter((verdict) => minerSide(verdict) === null);
  expect(none).toEqual(["undecided", "unsolved"]);
});

describe("what a seed draws", () => {
  const ids = Array.from({ length: 5000 }, (_, id) => id + 1);

  it("is the same again, another with another seed, and the share that was asked for", () => {
    const drawn = (seed: number) => ids.filter((id) => draw(seed, id) < 0.2);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
    for (const seed of [0, 1, 7, 123456, -5]) {
      expect(drawn(seed).length / ids.length).toBeGreaterThan(0.17);
      expect(drawn(seed).length / ids.length).toBeLessThan(0.23);
    }
    expect(ids.every((id) => draw(7, id) >= 0 && draw(7, id) < 1)).toBe(true);
  });

  it("spreads gold among the others, which keep their order, and puts nothing in twice", () => {
    const chosen = ids.slice(0, 100).reverse();
    const gold = [50, 1001, 1002, 1003, 1004];
    const arranged = arrange(chosen, gold, 3);
    expect(arranged).toHaveLength(104);
    expect(new Set(arranged).size).toBe(104);
    const plain = (id: number) => !gold.includes(id);
    expect(arranged.filter(plain)).toEqual(chosen.filter(plain));
    const places = gold.map((id) => arranged.indexOf(id)).sort((a, b) => a - b);
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBeGreaterThan(20);
  });
});

describe("the report", () => {
  const said = (
    personId: number,
    trajectoryId: number,
    decision: Vote["decision"],
    change: Partial<CountedVote> = {},
  ) => ({
    ...{ personId, trajectoryId, decision, target: "step" as const, targetIndex: 0 },
    ...{ verdict: "beneficial", blind: false },
    ...change,
  });
  const twenty = Array.from({ length: 20 }, (_, i) => i + 1);

  it("compares people on what both judged, and each with the miner", () => {
    const votes = twenty.flatMap((id) => {
      const verdict = id <= 10 ? "beneficial" : "harmful";
      const right = id <= 10 ? "approve" : "veto";
      return [
        said(ada, id, right, { verdict }),
        ...(id % 2 ? [said(bob, id, id === 1 ? "veto" : right, { verdict })] : []),
      ];
    });
    const { alpha, pairs, miner } = reportOn(votes, []);
    expect(pairs).toEqual([{ personIds: [ada, bob], n: 10, value: 0.8 }]);
    expect(alpha.n).toBe(10);
    expect(alpha.value).toBeCloseTo(1 - 19 / 99, 10);
    expect(miner).toEqual([
      { personId: ada, n: 20, value: 1 },
      { personId: bob, n: 10, value: 0.8 },
    ]);
  });

  it("measures anchoring on what the miner keeps: seen against hidden, undecided while thin", () => {
    const votes = (count: number) =>
      twenty
        .slice(0, count)
        .flatMap((id) => [
          said(ada, id, "approve"),
          said(ada, 100 + id, id % 2 ? "approve" : "veto", { blind: true }),
          said(ada, 200 + id, "approve", { verdict: "harmful", blind: true }),
          said(ada, 300 + id, "veto", { verdict: "solved", target: "solution" }),
        ]);
    const { anchoring } = reportOn(votes(20), []);
    expect(anchoring.seen).toMatchObject({ attempts: 20, successes: 20 });
    expect(anchoring.blind).toMatchObject({ attempts: 20, successes: 10 });
    expect(anchoring.effect?.value).toBe(0.5);
    expect(anchoring.effect?.low).toBeGreaterThan(0.2);
    expect(anchoring.effect?.high).toBeLessThan(0.71);
    expect(reportOn(votes(9), []).anchoring.effect).toBeNull();
  });

  it("counts who is right on gold, and of what they judged only", () => {
    const gold = [
      {
        trajectoryId: 1,
        decisions: [0, 1].map((i) => ({ target: "step" as const, targetIndex: i, side: "keep" as const })),
      },
    ];
    const votes = [
      said(ada, 1, "approve"),
      said(ada, 1, "veto", { targetIndex: 1 }),
      said(bob, 1, "promote"),
      said(3, 2, "veto"),
    ];
    expect(reportOn(votes, gold).gold).toMatchObject([
      { personId: ada, attempts: 2, successes: 1 },
      { personId: bob, attempts: 1, successes: 1 },
    ]);
  });
});
