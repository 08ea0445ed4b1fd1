"""Tool calls as chat templates expect them."""

import json
from typing import Any


def with_objects(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Arguments of tool calls as objects, as chat templates expect them; in the file they are the text the model wrote."""
    for message in messages:
        for call in message.get("tool_calls") or []:
            try:
                call["function"]["arguments"] = json.loads(call["function"]["arguments"])
            except ValueError:
                pass  # a model may write arguments that are no JSON: those stay text
    return messages
