import { describe, expect, it } from "vitest";
import type { Truncation } from "@/lib/core/ports";
import { agenttraj } from "@/lib/exporters/agenttraj";
import { countRow, maskedRow, noMaskCounts, tokensOf } from "@/lib/core/mask";
import { openai } from "@/lib/exporters/openai";
import { explodedRows, exportRows } from "@/lib/exporters/rows";
import { examples } from "../support/examples";

const first = (rows: ReturnType<typeof exportRows>["rows"]) => {
  const row = rows[0];
  if (!row) throw new Error("no row");
  return row;
};

const masked = (truncation: Truncation | null = null) => {
  const { example, rows } = exportRows(openai, examples.shop);
  return maskedRow({ truncation }, example, first(rows));
};

describe("the mask of a row", () => {
  it("shows the trained turns, their stop tokens, and everything else as context", () => {
    const { parts } = masked();
    const trained = parts.filter((part) => part.train).map((part) => part.text);
    const asked = examples.shop.messages.filter((message) => message.train).map((message) => message.content);
    expect(trained).toEqual(asked);
    for (const { role, train, stop } of parts) expect(stop).toBe(role === "assistant" ? train : null);
  });

  it("writes a reply as the format writes it", () => {
    const { example, rows } = exportRows(agenttraj, examples.desk);
    const { parts } = maskedRow(agenttraj, example, first(rows));
    const replies = parts.filter((part) => part.role === "assistant");
    expect(replies.at(0)?.text).toContain("Action:");
    expect(maskedRow(openai, example, first(rows)).parts.find((part) => part.train)?.text).toBe(
      "cancel({})\nnote({})",
    );
  });

  it("holds one trained turn in each row where rows are exploded", () => {
    const { example } = exportRows(openai, examples.shop);
    const rows = explodedRows(example, (prefix) => ({
      value: null,
      positions: prefix.messages.map((_, i) => i),
    }));
    const shown = rows.map((row) => maskedRow({ truncation: null }, example, row).parts);
    expect(shown.map((parts) => parts.filter((part) => part.train).length)).toEqual(rows.map(() => 1));
    expect(shown.map((parts) => parts.at(-1)?.train)).toEqual(rows.map(() => true));
  });
});

describe("the default length of a trainer", () => {
  const total = masked().parts.reduce((sum, part) => sum + part.text.length, 0);
  const half = { tokens: tokensOf(total / 2), setting: "max_length" };
  const cut = (does: Truncation["does"]) => masked({ ...half, does }).parts.map((part) => part.cut);

  it("cuts what it would cut", () => {
    expect(cut("cuts the end").at(0)).toBe(false);
    expect(cut("cuts the end").at(-1)).toBe(true);
    expect(cut("cuts the start").at(0)).toBe(true);
    expect(cut("cuts the start").at(-1)).toBe(false);
    expect(new Set(cut("drops the row"))).toEqual(new Set([true]));
  });

  it("cuts nothing of a row that fits", () => {
    const fits = { tokens: tokensOf(total), does: "drops the row", setting: "" } as const;
    expect(masked(fits).parts.some((part) => part.cut)).toBe(false);
    expect(masked(fits).lostTurns).toBe(0);
  });

  it("is counted over the dataset", () => {
    const counts = noMaskCounts();
    const truncation = { ...half, does: "cuts the end" } as const;
    countRow(counts, masked(truncation), truncation);
    countRow(counts, masked(null), null);
    expect(counts).toMatchObject({ rows: 2, trainedTurns: 4, contextTurns: 2, rowsOver: 1 });
    expect(counts.lostTurns).toBe(masked(truncation).lostTurns);
    expect(counts.lostTurns).toBeGreaterThan(0);
  });
});
