import type { Exporter } from "@/lib/core/ports";
import { openaiMessages } from "./openai-messages";
import { maskedRows } from "./rows";

const dataset = `"""verl's multi-turn dataset with a flag per message: verl itself trains every assistant turn."""
import json

import torch
from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset


class MaskedDataset(MultiTurnSFTDataset):
    def _read_files_and_process(self):
        super()._read_files_and_process()
        if self.tools is not None:
            self.tools = [json.loads(tools) if tools else None for tools in self.tools]

    def _build_messages(self, example):
        flags = json.loads(example["loss_mask"])
        messages = json.loads(example[self.messages_key])
        flagged = [{**message, "loss_mask": flag} for message, flag in zip(messages, flags, strict=True)]
        return super()._build_messages({**example, self.messages_key: flagged})

    def _process_single_message(self, *args, message, **kwargs):
        plain = {key: value for key, value in message.items() if key != "loss_mask"}
        ids, mask, *rest = super()._process_single_message(*args, message=plain, **kwargs)
        return (ids, mask if message["loss_mask"] else torch.zeros_like(mask), *rest)
`;

/** verl's SFT trainer with a dataset class that reads the flag. Source: verl/utils/dataset/multiturn_sft_dataset.py */
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
  truncation: { tokens: 1024, does: "stops the run", setting: "the command sets data.max_length" },
  command: [
    "torchrun --standalone --nproc_per_node=1 -m verl.trainer.sft_trainer",
    "data.train_files=train.parquet data.messages_key=messages data.max_length=16384",
    "data.custom_cls.path=masked_dataset.py data.custom_cls.name=MaskedDataset",
    "model.path=Qwen/Qwen3-8B",
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
  files: () => [{ path: "masked_dataset.py", text: dataset }],
};
