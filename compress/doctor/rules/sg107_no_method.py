"""A recipe without a method."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import METHOD_SECTIONS, SECTIONS


def check(subject: Subject) -> Iterator[Problem]:
    """A recipe of known sections, none of them a method's; SG101 reports unknown ones."""
    data = subject.recipe.data
    if not any(name in data for name in METHOD_SECTIONS) and all(name in SECTIONS for name in data):
        yield Problem(
            "the recipe names no compression method: ACT will choose one itself; name one of "
            + ", ".join(METHOD_SECTIONS),
            (),
        )


RULE = Rule(
    code="SG107",
    name="no-method",
    severity="warning",
    stage="text",
    title="A recipe without a method",
    why=(
        "Without a method, ACT chooses a strategy itself and tries to install packages for it "
        "while it runs."
    ),
    remedy="Add the section of a method, such as `QuantPost`.",
    check=check,
    example=Example(
        bad="TrainConfig:\n  train_iter: 100\n",
        good="QuantPost:\n  batch_nums: 10\nTrainConfig:\n  train_iter: 100\n",
    ),
)
