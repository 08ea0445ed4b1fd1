import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { openai } from "./openai";
import { openaiMessages, toolsOf, weight } from "./openai-messages";
import { proofFiles } from "./proofs/kit";
import { jsonlFile, maskedRows, type WrittenRow } from "./rows";

/** OpenAI's lines under Azure's name: the service reads the same ones. */
export const azure: Exporter = { ...openai, format: "azure", title: "Azure OpenAI chat JSONL" };

const hosted = {
  family: "hosted",
  shape: "masked",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  dataFile: jsonlFile,
  files: () => proofFiles("rules"),
} as const satisfies Partial<Exporter>;

/**
 * Fireworks' dialect: OpenAI's lines with nothing else at the root. A root `weight` would have to stand on all rows.
 * Source: formats.md 2.2
 */
export const fireworks: Exporter = {
  ...hosted,
  format: "fireworks",
  title: "Fireworks chat JSONL",
  mask: "`weight` 0 or 1 on every assistant message (at least 3 rows)",
  command: "firectl dataset create gleaner train.jsonl",
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: { messages: openaiMessages(kept.messages, weight), ...toolsOf(kept) },
      positions: kept.messages.map((_, index) => index),
    })),
};

/** Together's dialect: roles alternate, every content is a string, and only `messages` and `tools` stand at the root. */
export const together: Exporter = {
  ...hosted,
  format: "together",
  title: "Together chat JSONL",
  mask: "`weight` 0 or 1 on every assistant message; what is said between two replies is one message",
  command: "together files check train.jsonl && together files upload train.jsonl",
  rows: (example) => maskedRows(example, alternating),
};

type Folded = { message: MaskedMessage; from: number[] };

/**
 * Messages of one role that follow each other become one; a reply right after a reply is answered by an empty message, so
 * that each keeps its own weight.
 */
function alternating(example: Example): WrittenRow {
  const folded: Folded[] = [];
  example.messages.forEach((message, index) => {
    const last = folded.at(-1);
    const follows = last?.message.role === message.role;
    if (last && follows && (message.role === "user" || message.role === "system")) {
      last.message = { ...last.message, content: `${last.message.content ?? ""}\n${message.content ?? ""}` };
      last.from.push(index);
      return;
    }
    if (follows && message.role === "assistant")
      folded.push({ message: { role: "user", content: "", train: false }, from: [] });
    folded.push({ message, from: [index] });
  });
  const positions: number[] = [];
  folded.forEach(({ from }, position) => from.forEach((index) => (positions[index] = position)));
  const messages = openaiMessages(
    folded.map(({ message }) => message),
    (message) => ({ content: message.content ?? "", ...weight(message) }),
  );
  return { value: { messages, ...toolsOf(example) }, positions };
}
