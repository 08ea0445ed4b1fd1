import type { Exporter, Kit } from "@/lib/core/ports";
import { toolsText, withParsableCalls } from "./messages";
import { openaiMessages, weight } from "./openai-messages";
import { hasValidation, lines, proofFiles, roomFor } from "./proofs/kit";
import { jsonlFile, maskedRows } from "./rows";
import { trainerConfig, usualNames, type Usual } from "./trainer-config";

const weighted = (file: string): string =>
  lines(
    `  - path: ${file}`,
    "    ds_type: json",
    "    split: train",
    "    type: chat_template",
    "    message_field_training: weight # without it, every assistant turn is trained",
    "    # Named here, because axolotl drops keys it does not find in the template by itself.",
    "    message_property_mappings: { role: role, content: content, tool_calls: tool_calls, tool_call_id: tool_call_id }",
    "    roles_to_train: [assistant]",
    "    train_on_eos: turn",
  );

/**
 * Axolotl's configuration, in which `dataset` says how a file of rows is read: one entry of its `datasets`.
 * @param kind lines about what is trained, where that is no language model
 */
export function axolotlConfig(kit: Kit, dataset: (file: string) => string, kind = ""): string {
  const data =
    kind +
    lines("datasets:") +
    dataset("train.jsonl") +
    (hasValidation(kit) ? lines("test_datasets:") + dataset("validation.jsonl") : "") +
    lines("excess_length_strategy: raise # by default, longer rows are dropped");
  const evaluated: Usual[] = hasValidation(kit)
    ? [["eval_strategy", "epoch", "axolotl's default is never"]]
    : [];
  return trainerConfig(
    kit,
    data,
    [
      ...evaluated,
      ["base_model", "Qwen/Qwen2.5-7B-Instruct", "any model whose tokenizer has a chat template"],
      ["sequence_len", roomFor(kit), "axolotl's default is 512"],
      ["dataset_prepared_path", "prepared"],
      ["output_dir", "out"],
      ["micro_batch_size", 1],
      ["gradient_accumulation_steps", 8],
      ["num_epochs", 2],
      ["learning_rate", "0.00001"],
      ["optimizer", "adamw_torch_fused"],
      ["lr_scheduler", "cosine"],
      ["bf16", "auto"],
      ["gradient_checkpointing", "true"],
    ],
    { ...usualNames, model: "base_model", epochs: "num_epochs" },
  );
}

/** Axolotl's chat_template rows with the configuration that makes it read the flag. */
export const axolotl: Exporter = {
  format: "axolotl",
  title: "Axolotl",
  family: "trainer",
  shape: "masked",
  mask: "`weight` 0 or 1 on every assistant message, read with message_field_training: weight",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: { tokens: 512, does: "drops the row", setting: "sequence_len" },
  command: "axolotl train train.yaml",
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: {
        messages: openaiMessages(withParsableCalls(kept.messages), weight),
        tools: toolsText(kept.tools, "[]"),
      },
      positions: kept.messages.map((_, index) => index),
    })),
  files: (kit) => [
    { path: "train.yaml", text: axolotlConfig(kit, weighted) },
    { path: "requirements.txt", text: "axolotl>=0.21\n" },
    ...proofFiles("axolotl"),
  ],
};
