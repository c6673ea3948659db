"""A recipe without a method."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import METHOD_SECTIONS, SECTIONS


def check(subject: Subject) -> Iterator[Problem]:
    """A recipe without a method's section, at the top level or below another (SG122)."""
    data = subject.recipe.data
    tables = [data, *(content for content in data.values() if isinstance(content, dict))]
    if any(name in table for table in tables for name in METHOD_SECTIONS):
        return
    others = [name for name in data if name not in SECTIONS]
    ignored = f" and ignore {', '.join(others[:5])}" if others else ""
    yield Problem(
        f"the recipe names no compression method: ACT will choose one itself{ignored}; name one of "
        + ", ".join(METHOD_SECTIONS),
        (others[0],) if others else (),
    )


RULE = Rule(
    code="SG107",
    name="no-method",
    severity="warning",
    stage="text",
    title="A recipe without a method",
    why=(
        "Without a method, ACT chooses a strategy itself and tries to install packages for it "
        "while it runs. It ignores the sections of other tools, such as `slim`, `PTQ` and `QAT` of "
        "PaddleDetection's own compression, without a message."
    ),
    remedy="Add the section of a method, such as `QuantPost`.",
    check=check,
    example=Example(
        bad="TrainConfig:\n  train_iter: 100\n",
        good="QuantPost:\n  batch_nums: 10\nTrainConfig:\n  train_iter: 100\n",
    ),
)
