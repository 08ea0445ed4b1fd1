"""Proves with the installed TRL that train.py trains exactly the approved text: python check.py [--tokenizer NAME]."""

from pathlib import Path

import check_common as check
import train


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    quiet = {"report_to": "none", "use_cpu": True, "bf16": False, "disable_tqdm": True}
    trainer = train.trainer(str(model), {"train_dataset": rows}, output_dir=str(out), **quiet)
    batches = [trainer.data_collator([row]) for row in trainer.train_dataset]
    return [check.Rendered(b["input_ids"][0].tolist(), (b["labels"][0] != -100).tolist()) for b in batches]


if __name__ == "__main__":
    check.prove("trl", render)
