"""A number that YAML reads as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.doctor.text import Where
from compress.recipes.parse import meant_value


def check(subject: Subject) -> Iterator[Problem]:
    """Every string that is a number in scientific notation."""
    for where, value in leaves(subject.recipe.data, ()):
        meant = meant_value(value, ".".join(map(str, where)))
        if isinstance(value, str) and isinstance(meant, float):
            edits = edits_of(subject.recipe.replace(where, decimal(meant)))
            yield Problem(
                f"YAML reads {value} as text, not as a number; write {decimal(meant)}", where, edits
            )


def leaves(value: Any, where: Where) -> Iterator[tuple[Where, Any]]:
    """Every scalar of a document with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*where, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*where, index))
    else:
        yield where, value


def decimal(value: float) -> str:
    """The number without an exponent, in a form that every YAML reader takes for a number."""
    text = f"{value:.20f}".rstrip("0")
    shortest = repr(value)
    if "e" not in shortest:
        return shortest
    return text + "0" if text.endswith(".") else _rounded(value)


def _rounded(value: float) -> str:
    mantissa, _, exponent = f"{value:e}".partition("e")
    digits = len(mantissa.rstrip("0").replace(".", "").replace("-", ""))
    return f"{value:.{max(1, digits - 1 - int(exponent))}f}"


RULE = Rule(
    code="SG104",
    name="number-as-text",
    severity="error",
    stage="text",
    title="A number that YAML reads as text",
    why=(
        "YAML 1.1, which PaddleSlim's loader follows, requires a point and a sign in a number "
        "with an exponent: `1e-4` is text. As a learning rate it ends in \"'str' object has no "
        "attribute 'pop'\" after the model was loaded, and PaddleSlim's message does not name the "
        "key."
    ),
    remedy="Write the number without an exponent: `0.0001`. `slimgate lint --fix` does so.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 100\n  learning_rate: 1e-4  # small\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 100\n  learning_rate: 0.0001  # small\n"
        ),
    ),
)
