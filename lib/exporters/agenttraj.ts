import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { toolCallAction } from "@/lib/prompts/conversation";
import { reactText } from "@/lib/prompts/react";
import { jsonlFile, maskedRows } from "./rows";

type Fragment = { from: "human"; loss: null; value: string } | { from: "gpt"; loss: boolean; value: string };

function replyText({ content, toolCalls }: MaskedMessage): string {
  if (toolCalls === undefined || toolCalls.length === 0) return content ?? "";
  return reactText(content === null || content.trim() === "" ? null : content, toolCallAction(toolCalls));
}

/**
 * Human and gpt in turn, as AgentGym's trainers demand: everything said between two replies becomes one human fragment,
 * and leading system messages become the rules the actor acknowledges.
 */
function converse({ messages }: Example): { conversations: Fragment[]; positions: number[] } {
  const conversations: Fragment[] = [];
  const positions: number[] = [];
  const say = (value: string) => {
    const last = conversations.at(-1);
    if (last?.from === "human") last.value += `\n${value}`;
    else conversations.push({ from: "human", loss: null, value });
  };
  messages.forEach((message, index) => {
    if (message.role === "assistant")
      conversations.push({ from: "gpt", loss: message.train, value: replyText(message) });
    else say(message.content ?? "");
    positions.push(conversations.length - 1);
    const rulesEnd = message.role === "system" && messages[index + 1]?.role !== "system";
    if (rulesEnd && conversations.length === 1)
      conversations.push({ from: "gpt", loss: false, value: "Ok." });
  });
  return { conversations, positions };
}

/** AgentGym's AgentTraj with its `loss` flag per message. */
export const agenttraj: Exporter = {
  format: "agenttraj",
  title: "AgentGym AgentTraj JSONL",
  family: "trainer",
  shape: "masked",
  mask: "`loss` true or false on every gpt message (AgentGym's own BC trainer ignores it; axolotl: message_field_training: loss)",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: null,
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => {
      const { conversations, positions } = converse(kept);
      return { value: { item_id: kept.subtaskKey, conversations }, positions };
    }),
  asText: replyText,
  files: () => [],
};
