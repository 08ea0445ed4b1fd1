"""What every check.py of a Gleaner folder shares: the approved text, a tokenizer, and the comparison.

golden.jsonl names lines of train.jsonl (or rows of train.parquet) and the turns that may be trained there, with their text.
A check renders those lines with the installed trainer and compares the tokens that get loss with that text, turn by turn.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from difflib import ndiff
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any, Callable, Iterable

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
FOLDER = Path(__file__).resolve().parent
DATA = next((file for file in (FOLDER / "train.jsonl", FOLDER / "train.parquet") if file.exists()), FOLDER / "train.jsonl")

# ChatML with tools, as Qwen 2.5 writes it.
TEMPLATE = r"""
{%- if tools %}
{{- '<|im_start|>system\n' + (messages[0].content + '\n\n' if messages[0].role == 'system' else '') + '# Tools\n' }}
{%- for tool in tools %}{{- tool | tojson + '\n' }}{%- endfor %}
{{- '<|im_end|>\n' }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}
{{- '<|im_start|>user\n<tool_response>\n' + message.content + '\n</tool_response><|im_end|>\n' }}
{%- elif not (loop.first and tools and message.role == 'system') %}
{{- '<|im_start|>' + message.role + '\n' + (message.content or '') }}
{%- for call in message.tool_calls or [] %}
{{- '\n' if message.content or not loop.first else '' }}
{{- '<tool_call>\n{"name": "' + call.function.name + '", "arguments": ' + call.function.arguments | tojson + '}\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}
"""


@dataclass
class Golden:
    """One line of the data and the turns that may be trained in it. written: as the file has it."""

    line: int
    written: Any
    turns: list[dict[str, Any]]


@dataclass
class Rendered:
    """What the trainer made of one line: its tokens, and which of them get loss.

    good: for each run of those, whether the model is drawn to it or away from it; without, it is drawn to all.
    """

    ids: list[int]
    trained: list[bool]
    good: list[bool] | None = None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="proves that the trainer trains exactly the approved text")
    parser.add_argument("--tokenizer", help="name or path of your model; otherwise one is built on the spot")
    return parser.parse_args()


def data_lines() -> Iterable[Any]:
    """Lines of the data as they are written: bytes, or the cells of a row of Parquet."""
    if DATA.suffix == ".jsonl":
        return DATA.open("rb")
    import pyarrow.parquet

    return chain.from_iterable(batch.to_pylist() for batch in pyarrow.parquet.ParquetFile(DATA).iter_batches(64))


def golden_lines() -> list[Golden]:
    wanted = {g["line"]: g["trained"] for g in map(json.loads, (FOLDER / "golden.jsonl").open(encoding="utf-8"))}
    found: list[Golden] = []
    for number, written in enumerate(data_lines(), 1):
        if number in wanted:
            found.append(Golden(number, written, wanted.pop(number)))
        if not wanted:
            break
    if found and not wanted:
        return found
    sys.exit(f"✗ golden.jsonl names lines {sorted(wanted)}, which {DATA.name} does not have")


def write_rows(folder: Path, lines: list[Golden]) -> Path:
    """The golden lines alone, as they are, so that the check takes seconds whatever the size of the data."""
    file = folder / DATA.name
    if DATA.suffix == ".jsonl":
        file.write_bytes(b"".join(line.written for line in lines))
        return file
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(DATA)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([line.written for line in lines], schema), file)
    return file


def texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield from texts(json.loads(value))
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def model_folder(wanted: str | None, folder: Path, lines: list[Golden]) -> Path:
    """A tiny model with the tokenizer to use; without a wish, a byte-level BPE trained on the lines' own text.

    Of Llama's kind whatever the tokenizer is: beside a model of Qwen's kind transformers 5 loads every tokenizer as Qwen's.
    """
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    tokenizer = AutoTokenizer.from_pretrained(wanted) if wanted else built_tokenizer(lines)
    tokenizer.save_pretrained(folder / "model")
    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    tokens = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    config = LlamaConfig(vocab_size=len(tokenizer), num_key_value_heads=1, max_position_embeddings=1 << 20, **sizes, **tokens)
    LlamaForCausalLM(config).save_pretrained(folder / "model")
    return folder / "model"


def built_tokenizer(lines: list[Golden]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bytes_ = pre_tokenizers.ByteLevel.alphabet()
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(vocab_size=2000, special_tokens=specials, initial_alphabet=bytes_, show_progress=False)
    bpe.train_from_iterator(texts([line.written for line in lines]), trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def spans(row: Rendered) -> list[list[int]]:
    """Runs of tokens that get loss."""
    found: list[list[int]] = []
    before = False
    for token, trained in zip(row.ids, row.trained, strict=True):
        if trained and not before:
            found.append([])
        if trained:
            found[-1].append(token)
        before = trained
    return found


def calls_in(text: str) -> list[tuple[str, Any]] | None:
    """The calls in a trained text whose template writes them as JSON; None where there is anything else besides."""
    calls: list[tuple[str, Any]] = []
    rest = ""
    while (start := text.find("{")) != -1:
        try:
            call, length = json.JSONDecoder().raw_decode(text[start:])
        except ValueError:
            return None
        if "name" not in call:
            return None
        calls.append((call["name"], call.get("arguments", call.get("parameters"))))
        rest += text[:start]
        text = text[start + length :]
    rest += text
    for tag in ("<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "[", "]", ",", ";"):
        rest = rest.replace(tag, "")
    return calls if rest.strip() == "" else None


def approved_calls(turn: dict[str, Any]) -> list[tuple[str, Any]]:
    functions = [call["function"] for call in turn.get("tool_calls") or []]
    return [(function["name"], parsed(function["arguments"])) for function in functions]


def parsed(arguments: str) -> Any:
    """Arguments as a value; a model may write some that are no JSON, and those are trained as the text they are."""
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def same(text: str, turn: dict[str, Any]) -> bool:
    content = turn.get("content") or ""
    if not turn.get("tool_calls"):
        return text == content
    return text.startswith(content) and calls_in(text[len(content) :]) == approved_calls(turn)


def split_stop(tokenizer: Any, span: list[int]) -> tuple[list[int], str | None]:
    """A trained run without its stop token and the blank space some templates train after it."""
    special = set(tokenizer.all_special_ids) | set(tokenizer.added_tokens_decoder)
    end = len(span)
    while end > 0 and span[end - 1] not in special and decode(tokenizer, span[end - 1 : end]).strip() == "":
        end -= 1
    if end == 0 or span[end - 1] not in special:
        return span, None
    return span[: end - 1], decode(tokenizer, span[end - 1 :])


def decode(tokenizer: Any, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def difference(approved: str, trained: str) -> str:
    lines = ndiff(approved.splitlines() or [""], trained.splitlines() or [""])
    return "\n".join(f"    {line}" for line in lines if line[0] != "?")


def faults(tokenizer: Any, line: Golden, row: Rendered, header: str, stops: dict[str, int]) -> Iterable[str]:
    """What is trained in a line and should not be, or the other way round; counts the stop tokens that are trained."""
    found = [(decode(tokenizer, ids), stop) for ids, stop in (split_stop(tokenizer, s) for s in spans(row))]
    for index in range(max(len(found), len(line.turns))):
        if index >= len(line.turns):
            yield f"line {line.line}: trained, but no approved turn:\n{difference('', found[index][0])}"
            continue
        turn = line.turns[index]
        approved = (turn.get("content") or "") + "".join(f"\n{name}({args})" for name, args in approved_calls(turn))
        where = f"line {line.line}, message {turn['message']}"
        if index >= len(found):
            yield f"{where}: approved, but not trained:\n{difference(approved, '')}"
            continue
        text, stop = found[index]
        good = True if row.good is None else row.good[index]
        if good != turn.get("good", True):
            yield f"{where}: the model would be drawn {'to' if good else 'away from'} it, and should not:\n{difference(approved, '')}"
        if not text.startswith(header) or not same(text[len(header) :], turn):
            yield f"{where}: the trained text (+) is not the approved text (-):\n{difference(approved, text)}"
        if stop is None:
            yield f"{where}: the stop token is not trained: the model would never learn to end this turn"
        else:
            stops[stop] = stops.get(stop, 0) + 1


Compare = Callable[[Any, Golden, Rendered, str, dict[str, int]], Iterable[str]]


def prove(
    trainer: str,
    render: Callable[[Path, Path, Path], list[Rendered]],
    header: str = "",
    compare: Compare = faults,
) -> None:
    """Runs a check and ends the process: 0 when every golden line trains exactly the approved text, else 1.

    render: what the trainer makes of a file of rows, given the file, a folder with a model and a folder for its output.
    header: what the trainer trains before every turn besides its text, where it cannot be told not to.
    compare: what is wrong with a line, where the loss is not on replies.
    """
    wanted = arguments().tokenizer
    lines = golden_lines()
    # Named, because axolotl takes a model whose path has "mpt" in it for one of that kind, as in /tmp/tmpt….
    with tempfile.TemporaryDirectory(prefix="gleaner-") as temporary, contextlib.redirect_stdout(sys.stderr):
        import datasets

        out = Path(temporary)
        datasets.config.HF_DATASETS_CACHE = out / "cache"
        model = model_folder(wanted, out, lines)
        rows = render(write_rows(out, lines), model, out / "out")
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(model)
    sys.exit(0 if said(f"{trainer} {version_of(trainer)}", wanted, tokenizer, lines, rows, header, compare) else 1)


def version_of(trainer: str) -> str:
    """As installed, or as a checkout of its repository says."""
    try:
        return version(trainer)
    except PackageNotFoundError:
        return import_module(trainer.replace("-", "_")).__version__


def said(trainer: str, wanted: str | None, tokenizer: Any, lines: list[Golden], rows: list[Rendered], header: str, compare: Compare) -> bool:
    """Prints what was found. Returns whether all is as it should be."""
    print(f"{trainer}, tokenizer {wanted or 'built on the spot'}")
    if len(rows) != len(lines):
        print(f"✗ of {len(lines)} lines the trainer kept {len(rows)}: see its setting for long rows")
        return False
    stops: dict[str, int] = {}
    wrong = [list(compare(tokenizer, line, row, header, stops)) for line, row in zip(lines, rows)]
    turns = sum(len(line.turns) for line in lines)
    for stop, count in sorted(stops.items(), key=lambda each: -each[1]):
        print(f"stop token trained: {stop!r} on {count} of {turns} turns")
    if header:
        print(f"trained before every turn as well: {header!r}")
    for fault in [fault for each in wrong for fault in each][:20]:
        print(fault)
    good = wrong.count([])
    print(f"{'✓' if good == len(lines) else '✗'} {good} of {len(lines)} lines train exactly the approved text")
    return good == len(lines)
