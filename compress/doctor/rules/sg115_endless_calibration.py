"""Calibration on all training data."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """``QuantPost`` without ``batch_nums``."""
    section = subject.section("QuantPost")
    if section is None or "HyperParameterOptimization" in subject.recipe.data:
        return
    if section.get("batch_nums") is None:
        yield Problem(
            "without batch_nums ACT calibrates on every batch of the training data",
            ("QuantPost",),
        )


RULE = Rule(
    code="SG115",
    name="endless-calibration",
    severity="warning",
    stage="text",
    title="Calibration on all training data",
    why=(
        "`batch_nums: null` runs through the whole training set, which takes hours on a CPU, and "
        "with `algo: KL` or `hist` keeps samples of every tensor. A few dozen batches calibrate "
        "as well; slimgate uses 32 by default."
    ),
    remedy="Set `batch_nums`, for example to 32.",
    check=check,
    example=Example(
        bad="QuantPost:\n  algo: avg\n",
        good="QuantPost:\n  batch_nums: 32\n  algo: avg\n",
    ),
)
