"""Proves with the installed TRL that train.py compares exactly the replies it should: python check.py [--tokenizer NAME]."""

from itertools import chain
from pathlib import Path
from typing import Any

import check_common as check
import train


def rendered(batch: dict[str, Any]) -> check.Rendered:
    """A batch of one row; of a pair it holds the chosen reply and then the rejected one, each after its prompt."""
    ids, masks = (list(chain(*batch[name].tolist())) for name in ("input_ids", "completion_mask"))
    good = batch["label"].tolist() if "label" in batch else [True, False]
    return check.Rendered(ids, [flag == 1 for flag in masks], good)


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    quiet = {"report_to": "none", "use_cpu": True, "bf16": False, "disable_tqdm": True}
    trainer = train.trainer(str(model), {"train_dataset": rows}, output_dir=str(out), **quiet)
    return [rendered(trainer.data_collator([row])) for row in trainer.train_dataset]


if __name__ == "__main__":
    check.prove("trl", render)
