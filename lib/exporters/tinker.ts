import type { Exporter } from "@/lib/core/ports";
import { openaiMessages, toolsOf } from "./openai-messages";
import { jsonlFile, maskedRows } from "./rows";

const train = `"""Trains with tinker-cookbook; the mask is \`trainable\` on every message, read by TrainOnWhat.CUSTOMIZED only."""
import sys

from tinker_cookbook import model_info
from tinker_cookbook.renderers import TrainOnWhat
from tinker_cookbook.supervised.data import FromConversationFileBuilder
from tinker_cookbook.supervised.types import ChatDatasetBuilderCommonConfig

MODEL = sys.argv[1] if len(sys.argv) > 1 else "Qwen/Qwen3-8B"

dataset = FromConversationFileBuilder(
    file_path="train.jsonl",
    common_config=ChatDatasetBuilderCommonConfig(
        model_name_for_tokenizer=MODEL,
        renderer_name=model_info.get_recommended_renderer_name(MODEL),
        max_length=32768,
        batch_size=32,
        train_on_what=TrainOnWhat.CUSTOMIZED,
    ),
)
# Give \`dataset\` to tinker_cookbook.supervised.train.Config(dataset_builder=dataset, ...).
train_dataset, _ = dataset()
print(f"{len(train_dataset)} batches")
`;

/** Tinker's cookbook: `trainable` on every message, which its other modes refuse. Source: tinker_cookbook/renderers */
export const tinker: Exporter = {
  format: "tinker",
  title: "Tinker cookbook",
  family: "trainer",
  shape: "masked",
  mask: "`trainable` true or false on every message, with TrainOnWhat.CUSTOMIZED",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: "python train.py Qwen/Qwen3-8B",
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: {
        messages: openaiMessages(kept.messages, ({ role, train }) => ({
          trainable: role === "assistant" && train,
        })),
        ...toolsOf(kept),
      },
      positions: kept.messages.map((_, index) => index),
    })),
  files: () => [{ path: "train.py", text: train }],
};
