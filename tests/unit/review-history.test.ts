import { describe, expect, it } from "vitest";
import { checkHistory, type Edit, type Sight, type Stored } from "../support/review-history";

/** A key that three clients edit, one after the other: every violation below is one change of this. */
const edit = (n: number, change: Partial<Edit> = {}): Edit => ({
  clientId: `c${n}`,
  key: "step 1",
  decision: "veto",
  personId: n,
  expectedVersion: n - 1,
  sentAt: 10 * n,
  answeredAt: 10 * n + 5,
  answer: "stored",
  named: null,
  ...change,
});
const stored = (n: number, change: Partial<Stored> = {}): Stored => ({
  ...{ clientId: `c${n}`, key: "step 1", version: n, decision: "veto", personId: n, reviewer: `person ${n}` },
  ...change,
});
const sight = (version: number, sentAt: number): Sight => ({
  key: "step 1",
  version,
  sentAt,
  answeredAt: sentAt + 1,
});

const edits = [1, 2, 3].map((n) => edit(n));
const rows = [1, 2, 3].map((n) => stored(n));
const kinds = (all: Edit[], sights: Sight[], are: Stored[]) =>
  Object.keys(checkHistory(all, sights, are).violations);

describe("a history without fault", () => {
  it("has no violation, whatever the order it is told in", () => {
    const sights = [sight(0, 1), sight(1, 16), sight(3, 90)];
    expect(checkHistory(edits, sights, rows)).toEqual({
      ...{ edits: 3, stored: 3, conflicts: 0, unknown: 0, unknownStored: 0 },
      violations: {},
    });
    expect(kinds(edits.toReversed(), sights.toReversed(), rows.toReversed())).toEqual([]);
  });

  it("may leave open what was never answered: it is there once, or not at all", () => {
    const open = edit(4, { answer: "unknown", answeredAt: Infinity });
    expect(checkHistory([...edits, open], [], rows)).toMatchObject({
      unknown: 1,
      unknownStored: 0,
      violations: {},
    });
    expect(checkHistory([...edits, open], [], [...rows, stored(4)])).toMatchObject({
      unknownStored: 1,
      violations: {},
    });
    // Answered late: others decided after it before its client knew.
    expect(kinds([edit(1, { answer: "unknown", answeredAt: Infinity }), edit(2), edit(3)], [], rows)).toEqual(
      [],
    );
  });

  it("may refuse who came second, and sees either of two that overlap", () => {
    const refused = edit(4, { expectedVersion: 2, answer: "conflict", named: "person 3" });
    expect(checkHistory([...edits, refused], [], rows)).toMatchObject({ conflicts: 1, violations: {} });
    for (const version of [1, 2])
      expect(kinds(edits, [{ ...sight(version, 22), answeredAt: 23 }], rows)).toEqual([]);
  });

  it("keeps keys apart", () => {
    const elsewhere = edit(9, { key: "step 2", expectedVersion: 0 });
    expect(kinds([...edits, elsewhere], [], [...rows, stored(9, { key: "step 2", version: 1 })])).toEqual([]);
  });
});

describe("a violation is found:", () => {
  it("a lost update", () => {
    expect(kinds(edits, [], rows.slice(0, 2))).toEqual(["lost"]);
  });

  it("a duplicate", () => {
    expect(kinds(edits, [], [...rows, stored(3, { version: 4 })])).toEqual(["duplicate", "silent overwrite"]);
    expect(kinds(edits, [], [...rows, stored(3)])).toContain("gap");
  });

  it("a gap", () => {
    const late = edit(4, { expectedVersion: 4 });
    expect(kinds([...edits, late], [], [...rows, stored(4, { version: 5 })])).toEqual(["gap"]);
  });

  it("a stale read", () => {
    expect(kinds(edits, [sight(1, 26)], rows)).toEqual(["stale read"]);
    expect(kinds(edits, [sight(2, 26)], rows)).toEqual([]);
  });

  it("a read of what is not there yet, or never", () => {
    expect(kinds(edits, [sight(3, 12)], rows)).toEqual(["read of nothing"]);
    expect(kinds(edits, [sight(7, 90)], rows)).toEqual(["read of nothing"]);
    expect(kinds([], [{ ...sight(1, 1), key: "step 8" }], [])).toEqual(["read of nothing"]);
  });

  it("a silent overwrite", () => {
    expect(kinds([edit(1), edit(2, { expectedVersion: 0 }), edit(3)], [], rows)).toEqual([
      "silent overwrite",
    ]);
  });

  it("a refused edit that is stored, and a conflict with nobody or with the wrong one", () => {
    const refused = { answer: "conflict", named: "person 2" } as const;
    expect(kinds([edit(1), edit(2), edit(3, refused)], [], rows)).toContain("refused, yet stored");
    expect(kinds([...edits, edit(4, refused)], [], rows)).toEqual(["conflict with nobody"]);
    expect(kinds([...edits, edit(4, { ...refused, expectedVersion: 2 })], [], rows)).toEqual([
      "conflict untold",
    ]);
    expect(kinds([...edits, edit(4, { ...refused, expectedVersion: 2, named: null })], [], rows)).toEqual([
      "conflict untold",
    ]);
  });

  it("an edit that came before one that was over when it began", () => {
    expect(kinds([edit(1, { sentAt: 40, answeredAt: 45 }), edit(2), edit(3)], [], rows)).toEqual(["order"]);
  });

  it("another decision or person than was sent, or an edit of nobody", () => {
    expect(kinds(edits, [], [...rows.slice(0, 2), stored(3, { decision: "approve" })])).toEqual(["altered"]);
    expect(kinds(edits, [], [...rows.slice(0, 2), stored(3, { personId: 1 })])).toEqual(["altered"]);
    expect(kinds(edits.slice(0, 2), [], rows)).toEqual(["nobody's"]);
  });
});
