"""Trains with TRL on the turns whose weight is 1, and on nothing else: python train.py"""

import sys
from pathlib import Path
from typing import Any

from train_common import FOLDER, MODEL, files, rows, settings, tokenizer_of
from trl import SFTConfig, SFTTrainer

MASK = {"assistant_only_loss": True}  # without it, every token is trained


def trainer(model: str, data: dict[str, Path], **more: Any) -> SFTTrainer:
    tokenizer = tokenizer_of(model)
    if len(tokenizer.encode("<|im_end|>", add_special_tokens=False)) != 1:
        sys.exit(f"{model} does not speak ChatML: download the format trl-labels, which uses the model's own template")
    # The model's own template cannot know of weight; this one marks only the turns of weight 1 for the loss.
    tokenizer.chat_template = (FOLDER / "chat_template.jinja").read_text(encoding="utf-8")
    datasets = {name: rows(file) for name, file in data.items()}
    return SFTTrainer(model=model, args=SFTConfig(**settings(data, **MASK, **more)), processing_class=tokenizer, **datasets)


if __name__ == "__main__":
    run = trainer(MODEL, files())
    run.train()
    run.save_model()
