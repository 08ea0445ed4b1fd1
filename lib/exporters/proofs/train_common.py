"""How rows are read for TRL, and the settings its ways of training share."""

import json
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, Json, load_dataset
from tool_calls import with_objects
from transformers import AutoTokenizer

FOLDER = Path(__file__).resolve().parent
# What a training of Gleaner asks for, in the folder it runs in; a download has none of it.
ORDER = FOLDER / "training.json"
ASKED: dict[str, Any] = json.loads(ORDER.read_text(encoding="utf-8"))["settings"] if ORDER.exists() else {}
NAMES = {"epochs": "num_train_epochs", "batchSize": "gradient_accumulation_steps", "learningRate": "learning_rate", "seed": "seed"}
MODEL = ASKED.get("model", "Qwen/Qwen2.5-7B-Instruct")  # your model

USUAL: dict[str, Any] = {
    "max_length": None,  # TRL's default cuts every row after 1024 tokens, and with it the turns trained late
    "per_device_train_batch_size": 1,
    "gradient_accumulation_steps": 8,
    "learning_rate": 1e-5,
    "num_train_epochs": 2,
    "output_dir": "out",
}
WANTED: dict[str, Any] = {name: ASKED[key] for key, name in NAMES.items() if ASKED.get(key) is not None} | ASKED.get("extra", {})


def settings(data: dict[str, Any], usual: dict[str, Any] = {}, **more: Any) -> dict[str, Any]:
    """All that is asked of TRL; rows that are held out are evaluated after every epoch.

    usual: what another way of training has instead of USUAL, where nobody asks for it otherwise.
    """
    asked = {**USUAL, **usual, **WANTED}
    evaluated = asked.get("eval_strategy", "epoch") if "eval_dataset" in data else "no"
    return {**asked, "eval_strategy": evaluated, **more}


def tokenizer_of(model: str) -> Any:
    return AutoTokenizer.from_pretrained(model)


def rows(file: Path) -> Dataset:
    """Every value as the file has it: without `Json`, calls with different arguments would get each other's as null."""
    with file.open(encoding="utf-8") as lines:
        names = sorted({name for line in lines for name in json.loads(line)})
    features = Features({name: Json() for name in names})
    read = load_dataset("json", data_files=str(file), split="train", features=features)
    chats = [name for name in names if name not in ("tools", "label")]
    return read.map(lambda row: {name: with_objects(row[name]) for name in chats}, features=features)


def files() -> dict[str, Path]:
    """The data this folder has, as the arguments of a trainer are called."""
    wanted = {"train_dataset": FOLDER / "train.jsonl", "eval_dataset": FOLDER / "validation.jsonl"}
    return {name: file for name, file in wanted.items() if file.exists()}
