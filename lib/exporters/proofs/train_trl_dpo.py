"""Trains with TRL to prefer the chosen reply of every row to the rejected one: python train.py"""

from pathlib import Path
from typing import Any

from train_common import MODEL, files, rows, settings, tokenizer_of
from trl import DPOConfig, DPOTrainer

USUAL = {"learning_rate": 1e-6, "num_train_epochs": 1}


def trainer(model: str, data: dict[str, Path], **more: Any) -> DPOTrainer:
    datasets = {name: rows(file) for name, file in data.items()}
    args = DPOConfig(**settings(data, USUAL, **more))
    return DPOTrainer(model=model, args=args, processing_class=tokenizer_of(model), **datasets)


if __name__ == "__main__":
    run = trainer(MODEL, files())
    run.train()
    run.save_model()
