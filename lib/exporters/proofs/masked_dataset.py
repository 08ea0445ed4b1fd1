"""verl's dataset with a flag per message: verl itself trains every assistant turn. A row is rendered as one text, because
verl renders each message alone, which templates that join the results of tools do not allow."""

import json
from typing import Any

import torch
from labelling import labelled
from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset


class MaskedDataset(MultiTurnSFTDataset):
    def __getitem__(self, item: int) -> dict[str, torch.Tensor]:
        if self.pad_mode != "no_padding":
            raise ValueError("data.pad_mode must be no_padding, as verl's SFT trainer has it by itself")
        row: dict[str, Any] = {name: json.loads(cell) for name, cell in self.dataframe.iloc[item].items() if isinstance(cell, str)}
        flagged = [{**message, "weight": flag} for message, flag in zip(row["messages"], row["loss_mask"], strict=True)]
        found = labelled(self.tokenizer, {**row, "messages": flagged}, **self.apply_chat_template_kwargs)
        ids, labels = torch.tensor(found["input_ids"]), torch.tensor(found["labels"])
        if len(ids) > self.max_length:
            raise ValueError(f"row {item} has {len(ids)} tokens, and data.max_length is {self.max_length}")
        return {"input_ids": ids, "position_ids": torch.arange(len(ids)), "loss_mask": (labels != -100).long()}
