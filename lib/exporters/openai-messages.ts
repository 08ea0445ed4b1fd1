import type { Example, MaskedMessage } from "@/lib/core/example";

/** A tool call in OpenAI's spelling; `arguments` stays the JSON text the model wrote. */
export function openaiCall(call: NonNullable<MaskedMessage["toolCalls"]>[number]) {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.arguments } };
}

/**
 * Messages in OpenAI's spelling, one for each of the example, with `flag` deciding what else an assistant message says. A
 * tool message that answers no call of this row would be refused by every trainer: it becomes what the user said.
 */
export function openaiMessages(messages: MaskedMessage[], flag: (message: MaskedMessage) => object) {
  const calls = new Set<string>();
  return messages.map((message) => {
    const { role, content, toolCallId } = message;
    if (message.toolCalls) for (const call of message.toolCalls) calls.add(call.id);
    // Assigned, not spread: spreading twice was two thirds of what making a row cost.
    if (role === "assistant") return Object.assign(assistant(message), flag(message));
    if (role !== "tool") return Object.assign({ role, content: content ?? "" }, flag(message));
    if (toolCallId === undefined || !calls.has(toolCallId))
      return Object.assign({ role: "user", content: content ?? "" }, flag(message));
    return Object.assign({ role, tool_call_id: toolCallId, content: content ?? "" }, flag(message));
  });
}

/** `weight` 0 or 1 on assistant messages, an integer (R3, R4). */
export const weight = ({ role, train }: MaskedMessage) =>
  role === "assistant" ? { weight: train ? 1 : 0 } : {};

/** `tools` where the example has any. */
export function toolsOf({ tools }: Example): { tools?: unknown[] } {
  return tools === null || tools.length === 0 ? {} : { tools };
}

function assistant({ content, toolCalls }: MaskedMessage) {
  if (toolCalls === undefined || toolCalls.length === 0) return { role: "assistant", content: content ?? "" };
  return {
    role: "assistant",
    ...(content === null ? {} : { content }),
    tool_calls: toolCalls.map(openaiCall),
  };
}
