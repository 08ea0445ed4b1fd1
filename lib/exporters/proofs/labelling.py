"""Token ids of a row in a model's own template, and labels of -100 on all tokens but those of the turns whose weight is 1,
each with its stop token."""

from typing import Any

from tool_calls import with_objects


class Unrenderable(Exception):
    """The template writes a turn differently once there is more after it, or does not end it with a stop token."""


def trained_spans(tokenizer: Any, text: str, messages: list[dict[str, Any]], **template: Any) -> list[tuple[int, int]]:
    """Where in the text the trained turns stand: what each adds to the conversation before it, up to its stop token."""
    stops = set(tokenizer.all_special_tokens) | {token.content for token in tokenizer.added_tokens_decoder.values()}
    spans: list[tuple[int, int]] = []
    for index, message in enumerate(messages):
        if message.get("weight") != 1:
            continue
        before = tokenizer.apply_chat_template(messages[:index], tokenize=False, add_generation_prompt=True, **template)
        after = tokenizer.apply_chat_template(messages[: index + 1], tokenize=False, **template)
        if not text.startswith(before) or not text.startswith(after):
            raise Unrenderable(f"message {index} is written differently when more follows: download the format trl-exploded")
        turn = text[len(before) : len(after)].rstrip()
        if not any(turn.endswith(stop) for stop in stops):
            raise Unrenderable(f"message {index} has no stop token in this template: {turn[-40:]!r}")
        spans.append((len(before), len(before) + len(turn)))
    return spans


def labelled(tokenizer: Any, row: dict[str, Any], **more: Any) -> dict[str, list[int]]:
    """A row's tokens and labels. more: what the template is given besides."""
    messages, template = with_objects(row["messages"]), {"tools": row.get("tools"), **more}
    text = tokenizer.apply_chat_template(messages, tokenize=False, **template)
    spans = trained_spans(tokenizer, text, messages, **template)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    places = encoded["offset_mapping"]
    trained = [any(start < to and end > at for at, to in spans) for start, end in places]
    labels = [token if is_trained else -100 for token, is_trained in zip(encoded["input_ids"], trained)]
    return {"input_ids": encoded["input_ids"], "labels": labels}
