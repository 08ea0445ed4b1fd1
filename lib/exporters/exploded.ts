import type { Exporter, Kit } from "@/lib/core/ports";
import { openaiMessages, toolsOf } from "./openai-messages";
import { batchOf, hasValidation, lines, proofFiles, roomFor } from "./proofs/kit";
import { scripts } from "./proofs/scripts";
import { explodedRows, jsonlFile } from "./rows";
import { chosenFor } from "./trainer-config";

const plain = () => ({});

const unslothTrain = (kit: Kit): string =>
  scripts["train_unsloth.py"].replace(/^MAX_LENGTH = \d+/m, `MAX_LENGTH = ${roomFor(kit)}`);

/** Unsloth through TRL's prompt/completion rows, one per trained turn. */
export const unsloth: Exporter = {
  format: "unsloth",
  title: "Unsloth (prompt and completion)",
  family: "trainer",
  shape: "exploded",
  mask: "the completion is trained and the prompt is not (completion_only_loss)",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: { tokens: 1024, does: "cuts the end", setting: "train.py sets max_length" },
  command: "python train.py unsloth/Qwen2.5-7B-Instruct",
  dataFile: jsonlFile,
  rows: (example) =>
    explodedRows(example, (prefix) => {
      const messages = openaiMessages(prefix.messages, plain);
      const value = { prompt: messages.slice(0, -1), completion: messages.slice(-1), ...toolsOf(prefix) };
      return { value, positions: prefix.messages.map((_, index) => index) };
    }),
  files: (kit) => [
    { path: "train.py", text: unslothTrain(kit) },
    { path: "train_common.py", text: scripts["train_common.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    { path: "requirements.txt", text: "unsloth>=2026.10\ndatasets>=4.7\n" },
    ...proofFiles("unsloth"),
  ],
};

const nemoData = (file: string): string =>
  lines(
    "    dataset_name: approved_turns.ApprovedTurns",
    `    data_path: ${file}`,
    "    use_preserving_dataset: true # by default, calls get each other's arguments as null",
  );

function nemoConfig(kit: Kit): string {
  const measured = hasValidation(kit);
  const { model, epochs, learningRate, seed } = chosenFor(kit, {
    model: "Qwen/Qwen2.5-7B-Instruct",
    epochs: 2,
    learningRate: "5.0e-6",
  });
  return (
    lines(
      "defaults: ${oc.env:NEMO_RL}/examples/configs/sft.yaml",
      "sft:",
      "  only_unmask_final: true # without it, every assistant turn of a row is trained",
      `  max_num_epochs: ${epochs}`,
      seed !== null && `  seed: ${seed}`,
      "  max_num_steps: 1000000 # NeMo-RL's default ends the run after 60",
      !measured && "  val_period: 0",
      !measured && "  val_at_start: false",
      "policy:",
      `  model_name: ${model}`,
      "  tokenizer:",
      "    chat_template: default # the model's own; NeMo-RL's sft.yaml has one that knows no tools",
      `  max_total_sequence_length: ${roomFor(kit)} # NeMo-RL's default is 1024; longer rows get no loss`,
      `  train_global_batch_size: ${batchOf(kit)} # rows that do not fill a batch are left out of an epoch`,
      "  optimizer:",
      "    kwargs:",
      `      lr: ${learningRate}`,
      "checkpointing:",
      !measured && "  metric_name: null",
      "  checkpoint_dir: out",
      "data:",
      "  add_generation_prompt: true # without it, the header of the reply is trained too",
      "  train:",
    ) +
    nemoData("train.jsonl") +
    (measured ? lines("  validation:") + nemoData("validation.jsonl") : lines("  validation: null")) +
    lines("logger:", "  wandb_enabled: false", "  log_dir: logs")
  );
}

const inCheckout = (program: string): string =>
  `export NEMO_RL=~/NeMo-RL # your checkout, 0.7 or newer\nPYTHONPATH=. uv run --project "$NEMO_RL" python ${program}`;

/** NeMo-RL's SFT on rows of which only the last message is trained. Source: nemo_rl/data/llm_message_utils.py 0.7 */
export const nemoRl: Exporter = {
  format: "nemo-rl",
  title: "NeMo-RL SFT",
  family: "trainer",
  shape: "exploded",
  mask: "the last message of a row is trained, with sft.only_unmask_final: true",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: {
    tokens: 1024,
    does: "drops the row",
    setting: "gleaner.yaml sets policy.max_total_sequence_length",
  },
  checkCommand: inCheckout("check.py"),
  command: inCheckout('"$NEMO_RL/examples/run_sft.py" --config gleaner.yaml'),
  dataFile: jsonlFile,
  rows: (example) =>
    explodedRows(example, (prefix) => ({
      value: {
        messages: openaiMessages(prefix.messages, plain),
        ...toolsOf(prefix),
        task_name: prefix.environment,
      },
      positions: prefix.messages.map((_, index) => index),
    })),
  files: (kit) => [
    { path: "gleaner.yaml", text: nemoConfig(kit) },
    { path: "approved_turns.py", text: scripts["approved_turns.py"] },
    { path: "tool_calls.py", text: scripts["tool_calls.py"] },
    ...proofFiles("nemo_rl"),
  ],
};
