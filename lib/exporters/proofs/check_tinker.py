"""Proves with the installed tinker-cookbook that train.py gives loss to exactly the approved text: python check.py
[--tokenizer NAME]. The service trains what it is sent; what it is sent is shown here."""

from pathlib import Path

import check_common as check
import train

CHATML = "qwen3_instruct"


def renderer_name() -> str:
    """The one the cookbook recommends for the model; that of ChatML for tokenizers it does not know."""
    try:
        return train.model_info.get_recommended_renderer_name(check.arguments().tokenizer or "")
    except ValueError:
        return CHATML


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    given = train.Rows(train.renderer_of(str(model), renderer_name()), rows)
    datums = [datum for index in range(len(given)) for datum in given.get_batch(index)]
    return [rendered(datum) for datum in datums]


def rendered(datum: train.tinker.Datum) -> check.Rendered:
    """A datum's targets stand one place before their tokens, and the first token is none."""
    targets, weights = (datum.loss_fn_inputs[name].to_torch().tolist() for name in ("target_tokens", "weights"))
    return check.Rendered([datum.model_input.to_ints()[0], *targets], [False, *(weight > 0 for weight in weights)])


if __name__ == "__main__":
    check.prove("tinker-cookbook", render)
