"""Trains with TRL on the tokens prepare.py labels, and on nothing else: python train.py"""

from pathlib import Path
from typing import Any

from datasets import load_dataset
from prepare import prepare
from train_common import MODEL, files, settings, tokenizer_of
from trl import SFTConfig, SFTTrainer


def trainer(model: str, data: dict[str, Path], **more: Any) -> SFTTrainer:
    tokenizer = tokenizer_of(model)
    labelled = {name: str(prepare(tokenizer, file)) for name, file in data.items()}
    datasets = {name: load_dataset("json", data_files=file, split="train") for name, file in labelled.items()}
    args = SFTConfig(**settings(data, **more))
    return SFTTrainer(model=model, args=args, processing_class=tokenizer, **datasets)


if __name__ == "__main__":
    run = trainer(MODEL, files())
    run.train()
    run.save_model()
