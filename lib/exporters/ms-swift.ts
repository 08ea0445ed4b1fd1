import type { Exporter, Kit } from "@/lib/core/ports";
import { toolsText, withParsableCalls } from "./messages";
import { openaiMessages } from "./openai-messages";
import { hasValidation, lines, proofFiles, roomFor } from "./proofs/kit";
import { jsonlFile, maskedRows } from "./rows";

function config(kit: Kit): string {
  return lines(
    "model: Qwen/Qwen2.5-7B-Instruct",
    "template: qwen2_5 # of the model",
    "dataset: [train.jsonl]",
    hasValidation(kit) && "val_dataset: [validation.jsonl]",
    `max_length: ${roomFor(kit)}`,
    "truncation_strategy: delete # no row is longer than max_length",
    "strict: true # by default, rows that cannot be read are dropped",
    "loss_scale: default # turns without a flag of their own; every assistant turn here has one",
    "tuner_type: lora",
    "torch_dtype: bfloat16",
    "output_dir: out",
    "per_device_train_batch_size: 1",
    "gradient_accumulation_steps: 8",
    "learning_rate: 0.0001",
    "num_train_epochs: 2",
  );
}

/** ms-swift's messages with `loss` on every assistant message. */
export const msSwift: Exporter = {
  format: "ms-swift",
  title: "ms-swift",
  family: "trainer",
  shape: "masked",
  mask: "`loss` true or false on every assistant message",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: "swift sft train.yaml",
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: {
        messages: openaiMessages(withParsableCalls(kept.messages), ({ role, train }) =>
          role === "assistant" ? { loss: train } : {},
        ),
        ...toolsText(kept.tools),
      },
      positions: kept.messages.map((_, index) => index),
    })),
  files: (kit) => [
    { path: "train.yaml", text: config(kit) },
    { path: "requirements.txt", text: "ms-swift>=4.6\n" },
    ...proofFiles("ms_swift"),
  ],
};
