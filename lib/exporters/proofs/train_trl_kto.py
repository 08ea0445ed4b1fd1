"""Trains with TRL towards the replies labelled true and away from those labelled false: python train.py"""

from pathlib import Path
from typing import Any

from train_common import MODEL, files, rows, settings, tokenizer_of
from trl import KTOConfig, KTOTrainer

# The baseline of a reply is that of another row of its batch: TRL refuses a batch of one.
TOGETHER = 2
USUAL = {
    "learning_rate": 1e-6,
    "num_train_epochs": 1,
    "per_device_train_batch_size": TOGETHER,
    "per_device_eval_batch_size": TOGETHER,
}


def balance(labels: list[bool]) -> dict[str, float]:
    """Weights with which both labels count as much as each other, as TRL recommends."""
    good, bad = sum(labels), len(labels) - sum(labels)
    if good == 0 or bad == 0:
        return {}
    return {"undesirable_weight": good / bad} if good > bad else {"desirable_weight": bad / good}


def trainer(model: str, data: dict[str, Path], shuffled: bool = False, **more: Any) -> KTOTrainer:
    datasets = {name: rows(file) for name, file in data.items()}
    if shuffled:  # TRL takes them in their order, and in the file those of one trajectory follow each other
        datasets["train_dataset"] = datasets["train_dataset"].shuffle(seed=0)
    asked = settings(data, USUAL | balance(list(datasets["train_dataset"]["label"])), **more)
    asked["gradient_accumulation_steps"] = max(1, asked["gradient_accumulation_steps"] // TOGETHER)
    return KTOTrainer(model=model, args=KTOConfig(**asked), processing_class=tokenizer_of(model), **datasets)


if __name__ == "__main__":
    run = trainer(MODEL, files(), shuffled=True)
    run.train()
    run.save_model()
