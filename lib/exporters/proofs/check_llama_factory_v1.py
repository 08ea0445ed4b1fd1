"""Proves with the installed LLaMA-Factory (its v1 trainer) that train.yaml trains exactly the approved text:
python check.py [--tokenizer NAME]. v1 gives a turn's weight to its role header too, and its loss reads the weights."""

import os
from pathlib import Path

import check_common as check

os.environ["USE_V1"] = "1"


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    import yaml
    from llamafactory.v1.config import get_args
    from llamafactory.v1.core.data_engine import DataEngine
    from llamafactory.v1.core.utils.rendering import Renderer
    from llamafactory.v1.utils.helper import pad_and_truncate
    from transformers import AutoTokenizer

    config = yaml.safe_load((check.FOLDER / "train.yaml").read_text(encoding="utf-8"))
    config |= {"model": str(model), "train_dataset": str(rows), "output_dir": str(out)}
    model_args, data_args, training_args, _ = get_args(config)
    engine = DataEngine(data_args.train_dataset)
    renderer = Renderer(model_args.template, AutoTokenizer.from_pretrained(model_args.model))
    found = []
    for index in range(len(engine)):
        (row,) = pad_and_truncate(renderer.process_samples([engine[index]]), training_args.cutoff_len)
        found.append(check.Rendered(row["input_ids"].tolist(), (row["loss_weights"] > 0).tolist()))
    return found


if __name__ == "__main__":
    check.prove("llamafactory", render, header="<|im_start|>assistant\n")
