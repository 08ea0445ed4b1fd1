import type { Exporter, Kit } from "@/lib/core/ports";
import { openaiMessages } from "./openai-messages";
import { batchOf, hasValidation, lines, proofFiles, roomFor, rowsOf } from "./proofs/kit";
import { scripts } from "./proofs/scripts";
import { maskedRows } from "./rows";
import { chosenFor } from "./trainer-config";

function config(kit: Kit): string {
  const measured = rowsOf(kit, "validation") >= batchOf(kit);
  const { model, epochs, learningRate, seed } = chosenFor(kit, {
    model:
      "Qwen/Qwen2.5-7B-Instruct # any model whose chat template writes a turn the same whatever follows it",
    epochs: 2,
    learningRate: "0.00001",
  });
  return lines(
    "# Laid over the settings verl's SFT trainer has by itself.",
    "hydra:",
    "  searchpath: [pkg://verl.trainer.config]",
    "defaults:",
    "  - sft_trainer_engine",
    "  - _self_",
    "model:",
    `  path: ${model}`,
    "data:",
    "  train_files: train.parquet",
    measured && "  val_files: validation.parquet",
    hasValidation(kit) &&
      !measured &&
      "  # validation.parquet has less than a batch: verl would leave it out",
    "  custom_cls: # without it, every assistant turn is trained",
    "    path: masked_dataset.py",
    "    name: MaskedDataset",
    "  pad_mode: no_padding",
    `  max_length: ${roomFor(kit)} # verl's default is 1024; a longer row stops the run`,
    `  max_token_len_per_gpu: ${roomFor(kit)} # at least one row`,
    `  train_batch_size: ${batchOf(kit)} # verl's default is 256; rows that do not fill a batch are left out of an epoch`,
    "  micro_batch_size_per_gpu: 1",
    "optim:",
    `  lr: ${learningRate}`,
    "trainer:",
    "  logger: [console]",
    "  project_name: gleaner",
    "  experiment_name: approved-turns",
    "  default_local_dir: out",
    `  total_epochs: ${epochs}`,
    seed !== null && `  seed: ${seed}`,
    "  save_freq: after_each_epoch",
    measured && "  test_freq: after_each_epoch",
  );
}

/** verl's SFT trainer with a dataset class that reads the flag. Source: verl/trainer/sft_trainer.py 0.9.1 */
export const verl: Exporter = {
  format: "verl",
  title: "verl SFT (Parquet)",
  family: "trainer",
  shape: "masked",
  mask: "column `loss_mask`, 0 or 1 per message, read by masked_dataset.py; verl alone trains every assistant turn",
  encoding: {
    kind: "parquet",
    columns: [
      { name: "messages", type: "json" },
      { name: "loss_mask", type: "json" },
      { name: "tools", type: "json" },
    ],
  },
  needs: "example",
  truncation: { tokens: 1024, does: "stops the run", setting: "train.yaml sets data.max_length" },
  command: [
    "torchrun --standalone --nproc_per_node=1 -m verl.trainer.sft_trainer",
    '--config-path "$PWD" --config-name train',
  ].join(" \\\n  "),
  dataFile: (split) => `${split}.parquet`,
  rows: (example) =>
    maskedRows(example, ({ messages, tools }) => ({
      value: {
        messages: openaiMessages(messages, () => ({})),
        loss_mask: messages.map(({ role, train }) => (role === "assistant" && train ? 1 : 0)),
        tools: tools === null || tools.length === 0 ? null : tools,
      },
      positions: messages.map((_, index) => index),
    })),
  files: (kit) => [
    { path: "train.yaml", text: config(kit) },
    { path: "masked_dataset.py", text: scripts["masked_dataset.py"] },
    { path: "labelling.py", text: scripts["labelling.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    // Its SFT trainer imports uvicorn, which only its extras ask for.
    { path: "requirements.txt", text: "verl>=0.9.1\nuvicorn\nfastapi\n" },
    ...proofFiles("verl"),
  ],
};
