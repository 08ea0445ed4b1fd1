"""Proves with the installed axolotl that train.yaml trains exactly the approved text: python check.py [--tokenizer NAME]."""

import os
from pathlib import Path
from typing import Any

import check_common as check

os.environ["AXOLOTL_DO_NOT_TRACK"] = "1"


def tokenized(rows: Path, model: Path, out: Path) -> Any:
    """What axolotl makes of a file of rows, a row each: its `input_ids` and `labels`."""
    import yaml
    from axolotl.cli.config import load_cfg
    from axolotl.common.datasets import load_datasets
    from axolotl.utils.dict import DictDefault

    config = yaml.safe_load((check.FOLDER / "train.yaml").read_text(encoding="utf-8"))
    config["datasets"][0]["path"] = str(rows)
    config |= {"base_model": str(model), "output_dir": str(out), "dataset_prepared_path": str(out / "prepared")}
    # Where the rows go is all that differs from a run: here, in their order and without the settings that ask for a GPU.
    config |= {"shuffle_merged_datasets": False, "dataset_num_proc": 1, "bf16": False, "tf32": False, "test_datasets": None}
    return load_datasets(cfg=load_cfg(DictDefault(config))).train_dataset


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    trained = tokenized(rows, model, out)
    return [check.Rendered(row["input_ids"], [label != -100 for label in row["labels"]]) for row in trained]


if __name__ == "__main__":
    check.prove("axolotl", render)
