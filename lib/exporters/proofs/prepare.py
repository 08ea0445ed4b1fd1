"""Writes train.labels.jsonl: token ids of every row in your model's own template, and labels of -100 on all tokens but
those of the turns whose weight is 1, each with its stop token. train.py calls it; alone: python prepare.py"""

import json
import sys
from pathlib import Path
from typing import Any

from labelling import Unrenderable, labelled
from train_common import MODEL, files, tokenizer_of


def prepare(tokenizer: Any, file: Path) -> Path:
    out = file.with_suffix(".labels.jsonl")
    with file.open(encoding="utf-8") as rows, out.open("w", encoding="utf-8") as written:
        for number, line in enumerate(rows, 1):
            try:
                written.write(json.dumps(labelled(tokenizer, json.loads(line))) + "\n")
            except Unrenderable as problem:
                sys.exit(f"{file.name}, line {number}: {problem}")
    return out


if __name__ == "__main__":
    for source in files().values():
        print(prepare(tokenizer_of(MODEL), source))
