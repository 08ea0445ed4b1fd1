import type { Example, MaskedMessage } from "@/lib/core/example";
import type { RowExporter } from "./row-exporter";
import { trimmed } from "./trimmed";

function callOf(call: NonNullable<MaskedMessage["toolCalls"]>[number]) {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.arguments } };
}

function assistantRow({ content, toolCalls, train }: MaskedMessage) {
  const weight = train ? 1 : 0;
  if (toolCalls === undefined || toolCalls.length === 0)
    return { role: "assistant", content: content ?? "", weight };
  return {
    role: "assistant",
    ...(content === null ? {} : { content }),
    tool_calls: toolCalls.map(callOf),
    weight,
  };
}

/** A tool message that answers no call of this row would be refused by every trainer: it becomes what the user said. */
function rowsOf(messages: MaskedMessage[]) {
  const calls = new Set<string>();
  return messages.map((message) => {
    const { role, content, toolCallId } = message;
    for (const call of message.toolCalls ?? []) calls.add(call.id);
    if (role === "assistant") return assistantRow(message);
    if (role !== "tool") return { role, content: content ?? "" };
    if (toolCallId === undefined || !calls.has(toolCallId)) return { role: "user", content: content ?? "" };
    return { role, tool_call_id: toolCallId, content: content ?? "" };
  });
}

function toolsOf({ tools, messages }: Example) {
  if (tools === null || tools.length === 0) return {};
  return { tools, parallel_tool_calls: messages.some((message) => (message.toolCalls?.length ?? 0) > 1) };
}

/** Chat JSONL as OpenAI, Azure, Together and Fireworks read it, and axolotl and TRL with the right setting. */
export const openai: RowExporter = {
  format: "openai",
  title: "OpenAI chat JSONL",
  fileName: "openai.jsonl",
  mask: "`weight` 0 or 1 on every assistant message (axolotl: set message_field_training: weight)",
  line(example) {
    const row = trimmed(example);
    return JSON.stringify({ messages: rowsOf(row.messages), ...toolsOf(row) });
  },
  positions: (example) => trimmed(example).messages.map((_, index) => index),
};
