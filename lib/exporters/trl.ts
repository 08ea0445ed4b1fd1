import type { Exporter, KitFile } from "@/lib/core/ports";
import { openaiMessages, toolsOf, weight } from "./openai-messages";
import { proofFiles } from "./proofs/kit";
import { scripts } from "./proofs/scripts";
import { explodedRows, jsonlFile, maskedRows } from "./rows";

const shared = {
  family: "trainer",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: { tokens: 1024, does: "cuts the end", setting: "max_length" },
  dataFile: jsonlFile,
} as const;

const masked: Exporter["rows"] = (example) =>
  maskedRows(example, (kept) => ({
    value: { messages: openaiMessages(kept.messages, weight), ...toolsOf(kept) },
    positions: kept.messages.map((_, index) => index),
  }));

const requirements: KitFile = { path: "requirements.txt", text: "trl>=1.16\n" };

/** TRL with a chat template that marks the turns of weight 1 for the loss. */
export const trl: Exporter = {
  ...shared,
  format: "trl",
  title: "TRL, ChatML models (Qwen and others)",
  shape: "masked",
  mask: "`weight` 0 or 1 on every assistant message, read by the folder's chat template, with assistant_only_loss=True",
  command: "python train.py",
  rows: masked,
  files: () => [
    { path: "train.py", text: scripts["train_trl.py"] },
    { path: "train_common.py", text: scripts["train_common.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    { path: "chat_template.jinja", text: scripts["chat_template.jinja"] },
    requirements,
    ...proofFiles("trl"),
  ],
};

/** TRL with token ids and labels made by the user's own tokenizer. */
export const trlLabels: Exporter = {
  ...shared,
  format: "trl-labels",
  title: "TRL, any model's own template (token labels)",
  shape: "masked",
  mask: "prepare.py renders with your model's own template and writes labels of -100 on all but the turns of weight 1",
  command: "python prepare.py && python train.py",
  rows: masked,
  files: () => [
    { path: "prepare.py", text: scripts["prepare.py"] },
    { path: "labelling.py", text: scripts["labelling.py"] },
    { path: "train.py", text: scripts["train_trl_labels.py"] },
    { path: "train_common.py", text: scripts["train_common.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    requirements,
    ...proofFiles("trl"),
  ],
};

/** TRL with one row per trained turn. */
export const trlExploded: Exporter = {
  ...shared,
  format: "trl-exploded",
  title: "TRL, prompt and completion",
  shape: "exploded",
  mask: "one row per trained turn: the turn is the completion, all before it the prompt; TRL trains completions only",
  command: "python train.py",
  rows: (example) =>
    explodedRows(example, (prefix) => {
      const messages = openaiMessages(prefix.messages, () => ({}));
      return {
        value: { prompt: messages.slice(0, -1), completion: messages.slice(-1), ...toolsOf(prefix) },
        positions: messages.map((_, index) => index),
      };
    }),
  files: () => [
    { path: "train.py", text: scripts["train_trl_exploded.py"] },
    { path: "train_common.py", text: scripts["train_common.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    requirements,
    ...proofFiles("trl"),
  ],
};
