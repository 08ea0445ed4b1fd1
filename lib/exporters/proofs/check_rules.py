"""Proves what can be proven without the service that trains: that every row obeys the rules its file format has, and that
the flags say what golden.jsonl approved. Whether the service heeds them, only the service can show. python check.py"""

import json
import sys
from pathlib import Path
from typing import Any, Callable, Iterable

FOLDER = Path(__file__).resolve().parent
Faults = Callable[[dict[str, Any]], Iterable[str]]
Unlike = Callable[[dict[str, Any], list[dict[str, Any]]], Iterable[str]]
ROW_KEYS = {"messages", "tools", "parallel_tool_calls"}
MESSAGE_KEYS = {"role", "content", "weight", "trainable", "tool_calls", "tool_call_id", "name"}


def flag_of(message: dict[str, Any]) -> Any:
    return message.get("weight", message.get("trainable"))


def is_flag(value: Any) -> bool:
    """An integer 0 or 1, or for trainers that want it so true or false; Python takes True for 1, services do not."""
    return isinstance(value, (bool, int)) and value in (0, 1)


def faults(row: dict[str, Any]) -> Iterable[str]:
    messages = row.get("messages")
    if not isinstance(messages, list) or not messages:
        yield "there is no list of messages"
        return
    replies = [message for message in messages if message.get("role") == "assistant"]
    last = messages[-1]
    if last.get("role") != "assistant" or flag_of(last) not in (1, True):
        yield "R1: what follows the last trained turn is of no use, and some trainers drop such a row"
    if not any(flag_of(message) in (1, True) for message in replies):
        yield "R2: no turn is trained"
    for index, message in enumerate(messages):
        if message.get("role") == "assistant" and not is_flag(flag_of(message)):
            yield f"R3: message {index} has no flag of its own: {flag_of(message)!r}"
        if message.get("role") != "assistant" and flag_of(message) in (1, True):
            yield f"R3: message {index} is nobody's reply, and its flag has it trained"
        if isinstance(message.get("weight"), bool):
            yield f"R4: the weight of message {index} is a boolean, where services want 0 or 1"
        if set(message) - MESSAGE_KEYS:
            yield f"R5: message {index} has keys services refuse: {sorted(set(message) - MESSAGE_KEYS)}"
    if set(row) - ROW_KEYS:
        yield f"R5: the row has keys services refuse: {sorted(set(row) - ROW_KEYS)}"


def unlike(row: dict[str, Any], turns: list[dict[str, Any]]) -> Iterable[str]:
    """Where the flags of a row and the approved turns differ."""
    trained = {i: m for i, m in enumerate(row.get("messages", [])) if m.get("role") == "assistant" and flag_of(m) in (1, True)}
    approved = {turn["message"]: turn for turn in turns}
    for index in sorted(trained.keys() | approved.keys()):
        if index not in approved:
            yield f"message {index} is trained, but not approved: {trained[index].get('content')!r}"
        elif index not in trained:
            yield f"message {index} is approved, but not trained: {approved[index].get('content')!r}"
        elif any((trained[index].get(key) or None) != (approved[index].get(key) or None) for key in ("content", "tool_calls")):
            yield f"message {index} is\n    {trained[index]}\n  and approved was\n    {approved[index]}"


def prove(faults: Faults, unlike: Unlike, asked: str) -> int:
    """Prints what is wrong with the data. Returns the exit code: 0 when every line is right. asked: who could not be asked."""
    approved = {g["line"]: g["trained"] for g in map(json.loads, (FOLDER / "golden.jsonl").open(encoding="utf-8"))}
    count, good, told = 0, 0, 0
    with (FOLDER / "train.jsonl").open(encoding="utf-8") as lines:
        for count, line in enumerate(lines, 1):
            row = json.loads(line)
            found = [*faults(row), *(unlike(row, approved.pop(count)) if count in approved else [])]
            good += not found
            for fault in found[: max(0, 20 - told)]:
                print(f"line {count}: {fault}")
            told += len(found)
    if approved:
        print(f"golden.jsonl names lines train.jsonl does not have: {sorted(approved)}")
    proven = count > 0 and good == count and not approved
    print(f"{'✓' if proven else '✗'} {good} of {count} lines obey the rules of their format; no {asked} was asked")
    return 0 if proven else 1


if __name__ == "__main__":
    sys.exit(prove(faults, unlike, "trainer"))
