"""Proves with the installed Unsloth and TRL that train.py trains exactly the approved text: python check.py [--tokenizer NAME].
Without a GPU only the data is Unsloth's; the model, whose loss reads the labels shown here, is not."""

import os
from pathlib import Path

import check_common as check

os.environ.setdefault("UNSLOTH_ALLOW_CPU", "1")
os.environ["UNSLOTH_COMPILE_DISABLE"] = "1"


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    import train
    from transformers import AutoModelForCausalLM, AutoTokenizer

    quiet = {"report_to": "none", "use_cpu": True, "bf16": False, "fp16": False, "disable_tqdm": True, "output_dir": str(out)}
    given = AutoModelForCausalLM.from_pretrained(model), AutoTokenizer.from_pretrained(model)
    trainer = train.trainer(*given, {"train_dataset": rows}, **quiet)
    batches = [trainer.data_collator([row]) for row in trainer.train_dataset]
    return [check.Rendered(b["input_ids"][0].tolist(), (b["labels"][0] != -100).tolist()) for b in batches]


if __name__ == "__main__":
    check.prove("unsloth", render)
