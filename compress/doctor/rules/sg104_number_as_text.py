"""A number that YAML reads as text."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.values import decimal


def check(subject: Subject) -> Iterator[Problem]:
    """Every string that is a number in scientific notation, where ACT takes a number."""
    for slip in subject.recipe.slips:
        if slip.kind == "number":
            number = decimal(slip.meant)
            edits = edits_of(subject.recipe.replace(slip.where, number))
            yield Problem(
                f"YAML reads {slip.written} as text, not as a number; write {number}",
                slip.where,
                edits,
            )


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
