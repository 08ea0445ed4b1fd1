import type { Example } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { openaiMessages, toolsOf, weight } from "./openai-messages";
import { jsonlFile, maskedRows } from "./rows";

/** Chat JSONL as OpenAI reads it: `weight` on every assistant message, and no key that is not OpenAI's. */
export function openaiRow(example: Example) {
  const calls = Math.max(...example.messages.map(({ toolCalls }) => toolCalls?.length ?? 0));
  const tools = toolsOf(example);
  return {
    messages: openaiMessages(example.messages, weight),
    ...tools,
    ...(tools.tools ? { parallel_tool_calls: calls > 1 } : {}),
  };
}

/** OpenAI's fine-tuning, and whatever reads the same lines. */
export const openai: Exporter = {
  format: "openai",
  title: "OpenAI chat JSONL",
  family: "hosted",
  shape: "masked",
  mask: "`weight` 0 or 1 on every assistant message",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: null,
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: openaiRow(kept),
      positions: kept.messages.map((_, index) => index),
    })),
  files: () => [],
};
