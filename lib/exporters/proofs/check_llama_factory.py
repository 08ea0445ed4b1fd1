"""Proves with the installed LLaMA-Factory that train.yaml trains exactly the approved text: python check.py [--tokenizer NAME]."""

import json
from pathlib import Path

import check_common as check


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    import yaml
    from llamafactory.data import SFTDataCollatorWith4DAttentionMask, get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    info = json.loads((check.FOLDER / "dataset_info.json").read_text(encoding="utf-8"))
    (rows.parent / "dataset_info.json").write_text(json.dumps(info))
    config = yaml.safe_load((check.FOLDER / "train.yaml").read_text(encoding="utf-8"))
    config |= {"model_name_or_path": str(model), "dataset_dir": str(rows.parent), "output_dir": str(out)}
    config |= {"bf16": False, "use_cpu": True, "report_to": "none", "preprocessing_num_workers": 1}
    config |= {"eval_dataset": None, "eval_strategy": "no"}
    model_args, data_args, training_args, _, _ = get_train_args(config)
    module = load_tokenizer(model_args)
    template = get_template_and_fix_tokenizer(module["tokenizer"], data_args)
    trained = get_dataset(template, model_args, data_args, training_args, stage="sft", **module)["train_dataset"]
    collator = SFTDataCollatorWith4DAttentionMask(template=template, **module)
    batches = [collator([dict(row)]) for row in trained]
    return [check.Rendered(b["input_ids"][0].tolist(), (b["labels"][0] != -100).tolist()) for b in batches]


if __name__ == "__main__":
    check.prove("llamafactory", render)
