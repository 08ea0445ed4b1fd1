import type { Example, MaskedMessage } from "./example";
import type { Exporter, ExportRow, Truncation } from "./ports";

/** Characters taken for one token where no tokenizer is at hand; English and code lie between 3 and 4.5. */
export const CHARACTERS_PER_TOKEN = 4;

/** One message of a row as a trainer sees it. */
export type MaskedPart = {
  role: MaskedMessage["role"];
  text: string;
  train: boolean;
  /** Whether the loss covers the token that ends the turn; null where it is nobody's reply. */
  stop: boolean | null;
  /** Whether the trainer's default length cuts it off, wholly or in part. */
  cut: boolean;
};

/** One row as it is trained; `tokens` is an estimate without a chat template's own tokens. */
export type MaskedRow = { parts: MaskedPart[]; tokens: number; lostTurns: number };

type Asked = Pick<Exporter, "asText" | "truncation">;

/**
 * What the loss covers in one row, and what the target's default truncation would take of it (formats.md R6, R7).
 * @param example the trimmed example the row was made of
 */
export function maskedRow(exporter: Asked, example: Example, row: ExportRow): MaskedRow {
  const held = example.messages.flatMap((message, index) => {
    if (row.positions[index] === null || row.positions[index] === undefined) return [];
    const train = row.trained.includes(index);
    const text = textOf(message, exporter.asText);
    return [{ role: message.role, text, train, stop: message.role === "assistant" ? train : null }];
  });
  const total = held.reduce((sum, { text }) => sum + text.length, 0);
  const isCut = cutter(exporter.truncation, total);
  let before = 0;
  const parts = held.map((part): MaskedPart => {
    const [from, to] = [before, before + part.text.length];
    before = to;
    return { ...part, cut: isCut(from, to) };
  });
  const lostTurns = parts.filter(({ train, cut }) => train && cut).length;
  return { parts, tokens: tokensOf(total), lostTurns };
}

/** About how many tokens so many characters are. */
export const tokensOf = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

function textOf(message: MaskedMessage, asText: Exporter["asText"]): string {
  if (asText && message.role === "assistant") return asText(message);
  const calls = (message.toolCalls ?? []).map((call) => `${call.name}(${call.arguments})`);
  return [message.content ?? "", ...calls].filter((text) => text !== "").join("\n");
}

/** Whether characters `from` to `to` of a row of `total` are cut. */
function cutter(truncation: Truncation | null, total: number): (from: number, to: number) => boolean {
  if (truncation === null || tokensOf(total) <= truncation.tokens) return () => false;
  const most = truncation.tokens * CHARACTERS_PER_TOKEN;
  if (truncation.does === "cuts the end") return (_, to) => to > most;
  if (truncation.does === "cuts the start") return (from) => from < total - most;
  return () => true;
}

/** What the rows of a dataset train in one format. Tokens are estimates. */
export type MaskCounts = {
  examples: number;
  rows: number;
  trainedTurns: number;
  contextTurns: number;
  trainedTokens: number;
  contextTokens: number;
  longestRow: number;
  /** Rows over the target's default length, and the trained turns it would cut off. */
  rowsOver: number;
  lostTurns: number;
};

/** Counts of nothing yet. */
export const noMaskCounts = (): MaskCounts => ({
  examples: 0,
  rows: 0,
  trainedTurns: 0,
  contextTurns: 0,
  trainedTokens: 0,
  contextTokens: 0,
  longestRow: 0,
  rowsOver: 0,
  lostTurns: 0,
});

/** Counts one row of a dataset. */
export function countRow(counts: MaskCounts, row: MaskedRow, truncation: Truncation | null): void {
  counts.rows += 1;
  for (const { text, train, stop } of row.parts) {
    counts[train ? "trainedTokens" : "contextTokens"] += tokensOf(text.length);
    if (stop !== null) counts[train ? "trainedTurns" : "contextTurns"] += 1;
  }
  counts.longestRow = Math.max(counts.longestRow, row.tokens);
  if (truncation !== null && row.tokens > truncation.tokens) counts.rowsOver += 1;
  counts.lostTurns += row.lostTurns;
}
