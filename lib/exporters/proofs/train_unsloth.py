"""Trains with Unsloth on the completion of every row, which is one approved turn, and on nothing else: python train.py [MODEL]"""

import sys
from pathlib import Path
from typing import Any

from unsloth import FastLanguageModel  # before TRL, which it patches
from train_common import ASKED, files, rows, settings
from trl import SFTConfig, SFTTrainer

MODEL = ASKED.get("model", "unsloth/Qwen2.5-7B-Instruct")
MAX_LENGTH = 8192  # tokens; without a limit of its own Unsloth would take TRL's 1024, which cuts the end: what is trained
# No train_on_responses_only: it would train the replies in the prompts as well.
MASK = {"completion_only_loss": True, "max_length": MAX_LENGTH}


def trainer(model: Any, tokenizer: Any, data: dict[str, Path], **more: Any) -> SFTTrainer:
    datasets = {name: rows(file) for name, file in data.items()}
    return SFTTrainer(model=model, args=SFTConfig(**settings(data, **MASK, **more)), processing_class=tokenizer, **datasets)


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else MODEL
    model, tokenizer = FastLanguageModel.from_pretrained(chosen, max_seq_length=MAX_LENGTH, load_in_4bit=True)
    run = trainer(FastLanguageModel.get_peft_model(model, r=16, lora_alpha=16), tokenizer, files())
    run.train()
    run.save_model()
