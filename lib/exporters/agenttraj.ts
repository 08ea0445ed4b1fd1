import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { toolCallAction } from "@/lib/prompts/conversation";
import { reactText } from "@/lib/prompts/react";
import { axolotlConfig } from "./axolotl";
import { lines, proofFiles } from "./proofs/kit";
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

const spoken = (file: string): string =>
  lines(
    `  - path: ${file}`,
    "    ds_type: json",
    "    split: train",
    "    type: chat_template",
    "    field_messages: conversations",
    "    message_property_mappings: { role: from, content: value }",
    "    message_field_training: loss # without it, every gpt turn is trained",
    "    roles: { user: [human], assistant: [gpt] }",
    "    roles_to_train: [assistant]",
    "    train_on_eos: turn",
  );

/** AgentGym's trainers train every gpt turn; these are the same line in both. Source: agentenv/trainer/*.py at 3ef9235 */
const patch = ["bc_trainer.py", "agentevol_trainer.py"]
  .map(
    (file) => `--- a/agentenv/agentenv/trainer/${file}
+++ b/agentenv/agentenv/trainer/${file}
@@ -${file === "bc_trainer.py" ? 120 : 119},5 +${file === "bc_trainer.py" ? 120 : 119},5 @@
                         input_encode += [tokenizer.eos_token_id]
                         input_ids.extend(input_encode)
-                        labels.extend(input_encode)
+                        labels.extend(input_encode if message["loss"] else [-100] * len(input_encode))
${" "}
                 attention_mask = [1] * len(input_ids)
`,
  )
  .join("");

const toArray = `"""AgentGym's trainers load one JSON array: python to_array.py writes train.json beside train.jsonl.

Before training with them, apply the fix that makes them read \`loss\`: git apply agentgym-loss.patch
"""
import json

with open("train.jsonl", encoding="utf-8") as lines, open("train.json", "w", encoding="utf-8") as array:
    json.dump([json.loads(line) for line in lines], array, ensure_ascii=False)
`;

/** AgentGym's AgentTraj with its `loss` flag per message. */
export const agenttraj: Exporter = {
  format: "agenttraj",
  title: "AgentGym AgentTraj JSONL",
  family: "trainer",
  shape: "masked",
  mask: "`loss` true or false on every gpt message (AgentGym's own BC trainer ignores it; axolotl: message_field_training: loss)",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: {
    tokens: 700,
    does: "cuts the end",
    setting: "AgentGym's trainers take --max_input_length, train.yaml sets sequence_len",
  },
  command: "axolotl train train.yaml",
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => {
      const { conversations, positions } = converse(kept);
      return { value: { item_id: kept.subtaskKey, conversations }, positions };
    }),
  asText: replyText,
  files: (kit) => [
    { path: "train.yaml", text: axolotlConfig(kit, spoken) },
    { path: "requirements.txt", text: "axolotl>=0.21\n" },
    { path: "agentgym-loss.patch", text: patch },
    { path: "to_array.py", text: toArray },
    ...proofFiles("axolotl"),
  ],
};
