"""Proves with the installed verl that train.yaml trains exactly the approved text: python check.py [--tokenizer NAME]."""

from pathlib import Path

import check_common as check


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    from hydra import compose, initialize_config_dir
    from verl.trainer.sft_trainer import create_sft_dataset
    from verl.utils import hf_tokenizer

    own = "hydra.searchpath=[pkg://verl.trainer.config]"
    with initialize_config_dir(str(check.FOLDER), version_base=None):
        data = compose("train", overrides=[own]).data
    data.custom_cls.path = data.custom_cls.path and str(check.FOLDER / data.custom_cls.path)
    trained = create_sft_dataset(str(rows), data, hf_tokenizer(str(model)), None)
    found = [trained[index] for index in range(len(trained))]
    return [check.Rendered(row["input_ids"].tolist(), (row["loss_mask"] > 0).tolist()) for row in found]


if __name__ == "__main__":
    check.prove("verl", render)
