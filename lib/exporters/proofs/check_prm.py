"""Proves with the installed axolotl that train.yaml labels exactly the steps it should: python check.py [--tokenizer NAME]."""

import json
from pathlib import Path
from typing import Any, Iterable

import check_common as check
from check_axolotl import tokenized

SEPARATOR = "\n"  # after every step; its last token carries the label


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    made = []
    for row in tokenized(rows, model, out):
        labels = [label for label in row["labels"] if label != -100]
        made.append(check.Rendered(row["input_ids"], [label != -100 for label in row["labels"]], [label == 1 for label in labels]))
    return made


def faults(tokenizer: Any, line: check.Golden, row: check.Rendered, _header: str, _stops: dict[str, int]) -> Iterable[str]:
    """Where the text between two labelled tokens is not the step, or its label is another one."""
    ends = [index for index, trained in enumerate(row.trained) if trained]
    if len(ends) != len(line.turns):
        yield f"line {line.line}: {len(ends)} steps have a label, and {len(line.turns)} should"
        return
    start = 1 if row.ids[0] == tokenizer.bos_token_id else 0
    before = json.loads(line.written)["prompt"]
    for turn, end, good in zip(line.turns, ends, row.good or [], strict=True):
        wanted, text = before + turn["content"] + SEPARATOR, check.decode(tokenizer, row.ids[start : end + 1])
        where = f"line {line.line}, step {turn['message']}"
        if text != wanted:
            yield f"{where}: the labelled text (+) is not the step (-):\n{check.difference(wanted, text)}"
        if good != turn["good"]:
            yield f"{where}: its label is {good}, and should be {turn['good']}"
        start, before = end + 1, ""


if __name__ == "__main__":
    check.prove("axolotl", render, compare=faults)
