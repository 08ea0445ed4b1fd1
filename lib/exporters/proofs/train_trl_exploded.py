"""Trains with TRL on the completion of every row, which is one approved turn, and on nothing else: python train.py"""

from pathlib import Path
from typing import Any

from train_common import MODEL, files, rows, settings, tokenizer_of
from trl import SFTConfig, SFTTrainer

MASK = {"completion_only_loss": True}  # the default for rows of prompt and completion


def trainer(model: str, data: dict[str, Path], **more: Any) -> SFTTrainer:
    datasets = {name: rows(file) for name, file in data.items()}
    args = SFTConfig(**settings(data, **MASK, **more))
    return SFTTrainer(model=model, args=args, processing_class=tokenizer_of(model), **datasets)


if __name__ == "__main__":
    run = trainer(MODEL, files())
    run.train()
    run.save_model()
