import type { Exporter } from "@/lib/core/ports";
import { openaiMessages, toolsOf } from "./openai-messages";
import { explodedRows, jsonlFile } from "./rows";

const plain = () => ({});

const unslothTrain = `"""Trains the last turn of every row with Unsloth on TRL: the loss of prompt/completion rows covers the completion only."""
import sys

from unsloth import FastLanguageModel
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

MODEL = sys.argv[1] if len(sys.argv) > 1 else "unsloth/Qwen3-8B"
MAX_LENGTH = 16384  # TRL's default of 1024 would cut the end of longer rows, which is what is trained

model, tokenizer = FastLanguageModel.from_pretrained(MODEL, max_seq_length=MAX_LENGTH, load_in_4bit=True)
model = FastLanguageModel.get_peft_model(model, r=16, lora_alpha=16)
trainer = SFTTrainer(
    model=model,
    processing_class=tokenizer,
    train_dataset=load_dataset("json", data_files="train.jsonl", split="train"),
    args=SFTConfig(output_dir="out", max_length=MAX_LENGTH, completion_only_loss=True),
)
# No train_on_responses_only here: it would train the replies in the prompt as well.
trainer.train()
`;

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
  command: "python train.py unsloth/Qwen3-8B",
  dataFile: jsonlFile,
  rows: (example) =>
    explodedRows(example, (prefix) => {
      const messages = openaiMessages(prefix.messages, plain);
      const value = { prompt: messages.slice(0, -1), completion: messages.slice(-1), ...toolsOf(prefix) };
      return { value, positions: prefix.messages.map((_, index) => index) };
    }),
  files: () => [{ path: "train.py", text: unslothTrain }],
};

const nemoConfig = (validation: boolean) => `# Laid over NeMo-RL's examples/configs/sft.yaml.
sft:
  only_unmask_final: true # REQUIRED: without it every assistant turn of a row is trained
policy:
  max_total_sequence_length: 16384 # longer rows get no loss
data:
  train:
    dataset_name: openai_format
    data_path: train.jsonl
    chat_key: messages
    tool_key: tools
    use_preserving_dataset: true
${validation ? "  validation:\n    dataset_name: openai_format\n    data_path: validation.jsonl\n    chat_key: messages\n    tool_key: tools\n    use_preserving_dataset: true\n" : ""}`;

/** NeMo-RL's SFT on rows of which only the last message is trained. Source: nemo_rl/data/llm_message_utils.py */
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
  command: "uv run examples/run_sft.py --config gleaner.yaml",
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
  files: ({ splits }) => [
    { path: "gleaner.yaml", text: nemoConfig(splits.some(({ split }) => split === "validation")) },
  ],
};
