"""Proves with the installed ms-swift that train.yaml trains exactly the approved text: python check.py [--tokenizer NAME]."""

from pathlib import Path

import check_common as check


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    import yaml
    from swift.pipelines import SwiftSft

    config = yaml.safe_load((check.FOLDER / "train.yaml").read_text(encoding="utf-8"))
    config |= {"model": str(model), "model_type": "qwen2", "dataset": [str(rows)], "val_dataset": [], "output_dir": str(out)}
    config |= {"torch_dtype": "float32", "bf16": False, "dataset_shuffle": False, "dataset_num_proc": 1, "report_to": "none"}
    given = [part for key, value in config.items() for part in words(key, value)]
    run = SwiftSft([*given, "--load_from_cache_file", "false", "--use_hf", "true"])
    trained, _ = run._prepare_dataset()
    batches = [run.template.data_collator([trained[index]]) for index in range(len(trained))]
    return [check.Rendered(b["input_ids"][0].tolist(), loss_of(b)) for b in batches]


def words(key: str, value: object) -> list[str]:
    """A setting as the command line spells it."""
    values = value if isinstance(value, list) else [value]
    return [f"--{key}", *map(str, values)] if values else []


def loss_of(batch) -> list[bool]:
    trained = batch["labels"][0] != -100
    if batch.get("loss_scale") is not None:
        trained &= batch["loss_scale"][0] > 0
    return trained.tolist()


if __name__ == "__main__":
    check.prove("ms-swift", render)
