"""Proves what can be proven without the service that trains: that every row obeys the rules its file format has, and that
the two replies are those of golden.jsonl. What the service does with them, only the service can show. python check.py"""

import sys
from typing import Any, Iterable

from check_rules import prove

SIDES = ("preferred_output", "non_preferred_output")
INPUT_KEYS = {"messages", "tools", "parallel_tool_calls"}
MESSAGE_KEYS = {"role", "content", "tool_calls", "tool_call_id", "name"}


def faults(row: dict[str, Any]) -> Iterable[str]:
    if set(row) != {"input", *SIDES}:
        yield f"the row has {sorted(row)}, where services want input, {' and '.join(SIDES)}"
        return
    messages = row["input"].get("messages") or [{}]
    if set(row["input"]) - INPUT_KEYS:
        yield f"R5: its input has keys services refuse: {sorted(set(row['input']) - INPUT_KEYS)}"
    if messages[-1].get("role") in (None, "assistant", "system"):
        yield "its input must end where a reply is due: after the user or a tool"
    for side in SIDES:
        if [message.get("role") for message in row[side]] != ["assistant"]:
            yield f"{side} must be one reply"
    if row[SIDES[0]] == row[SIDES[1]]:
        yield "both replies are the same"
    for message in [*messages, *row[SIDES[0]], *row[SIDES[1]]]:
        if set(message) - MESSAGE_KEYS:
            yield f"R5: a message has keys services refuse: {sorted(set(message) - MESSAGE_KEYS)}"


def unlike(row: dict[str, Any], turns: list[dict[str, Any]]) -> Iterable[str]:
    """Where the replies of a row and those it should have differ."""
    for turn, side in zip(turns, SIDES, strict=True):
        reply = (row.get(side) or [{}])[0]
        if turn["good"] != (side == SIDES[0]) or any((reply.get(key) or None) != (turn.get(key) or None) for key in ("content", "tool_calls")):
            yield f"{side} is\n    {reply}\n  and should be\n    {turn}"


if __name__ == "__main__":
    sys.exit(prove(faults, unlike, "service"))
