"""Trains with tinker-cookbook on the messages that are `trainable`, and on nothing else: python train.py [MODEL]

The cookbook's own reader of files leaves tools out, fails on their calls and drops rows that do not fill a batch."""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

import chz
import tinker
from tinker_cookbook import model_info, renderers
from tinker_cookbook.supervised import train
from tinker_cookbook.supervised.data import conversation_to_datum
from tinker_cookbook.supervised.types import SupervisedDataset, SupervisedDatasetBuilder
from tinker_cookbook.tokenizer_utils import get_tokenizer

FOLDER = Path(__file__).resolve().parent
# What a training of Gleaner asks for, in the folder it runs in; a download has none of it.
ORDER = FOLDER / "training.json"
ASKED: dict[str, Any] = json.loads(ORDER.read_text(encoding="utf-8"))["settings"] if ORDER.exists() else {}
NAMES = {"learningRate": "learning_rate", "epochs": "num_epochs"}
MODEL = ASKED.get("model", "Qwen/Qwen3-4B-Instruct-2507")
BATCH = ASKED.get("batchSize") or 8
MASK = renderers.TrainOnWhat.CUSTOMIZED  # without it `trainable` is refused


def parsable(arguments: str) -> str:
    """A model may write arguments that are no JSON: those stay text."""
    try:
        json.loads(arguments)
        return arguments
    except ValueError:
        return json.dumps(arguments)


def message_of(message: dict[str, Any]) -> dict[str, Any]:
    calls = [renderers.ToolCall.model_validate(call) for call in message.get("tool_calls") or []]
    for call in calls:
        call.function.arguments = parsable(call.function.arguments)
    return {**message, "content": message.get("content") or "", **({"tool_calls": calls} if calls else {})}


def datum_of(renderer: renderers.Renderer, row: dict[str, Any]) -> tinker.Datum:
    messages = [message_of(message) for message in row["messages"]]
    if tools := [tool.get("function", tool) for tool in row.get("tools") or []]:
        system = messages.pop(0)["content"] if messages[0]["role"] == "system" else ""
        prefix = renderer.create_conversation_prefix_with_tools(tools, system)
        messages = [*({**message, "trainable": False} for message in prefix), *messages]
    return conversation_to_datum(messages, renderer, None, MASK)


class Rows(SupervisedDataset):
    def __init__(self, renderer: renderers.Renderer, file: Path):
        self.renderer = renderer
        with file.open(encoding="utf-8") as lines:
            self.rows = [json.loads(line) for line in lines]

    def get_batch(self, index: int) -> list[tinker.Datum]:
        return [datum_of(self.renderer, row) for row in self.rows[index * BATCH : (index + 1) * BATCH]]

    def set_epoch(self, seed: int = 0) -> None:
        random.Random((ASKED.get("seed") or 0) + seed).shuffle(self.rows)

    def __len__(self) -> int:
        return -(-len(self.rows) // BATCH)


def renderer_of(model: str, name: str) -> renderers.Renderer:
    renderer = renderers.get_renderer(name, get_tokenizer(model))
    if not renderer.has_extension_property:
        sys.exit(f"{name} writes earlier turns differently from the last: choose a model that does not think, as {MODEL}")
    return renderer


@chz.chz
class Builder(SupervisedDatasetBuilder):
    model: str
    renderer_name: str

    def __call__(self) -> tuple[SupervisedDataset, SupervisedDataset | None]:
        renderer, measured = renderer_of(self.model, self.renderer_name), FOLDER / "validation.jsonl"
        return Rows(renderer, FOLDER / "train.jsonl"), Rows(renderer, measured) if measured.exists() else None


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else MODEL
    builder = Builder(model=chosen, renderer_name=model_info.get_recommended_renderer_name(chosen))
    settings = {"log_path": "out", "recipe_name": "gleaner", "learning_rate": 1e-4, "num_epochs": 2}
    settings |= {name: ASKED[key] for key, name in NAMES.items() if ASKED.get(key) is not None}
    settings |= ASKED.get("extra", {})
    config = train.Config(
        model_name=chosen, renderer_name=builder.renderer_name, dataset_builder=builder, **settings
    )
    asyncio.run(train.main(config))
