"""A search over a single combination."""

from __future__ import annotations

import math
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.methods.ptq import HyperParameterOptimization

KEYS = ("ptq_algo", "bias_correct", "weight_quantize_type", "hist_percent", "batch_num")


def check(subject: Subject) -> Iterator[Problem]:
    """A search whose lists hold one combination of settings only."""
    section = subject.section("HyperParameterOptimization")
    if section is None:
        return
    fields = HyperParameterOptimization.model_fields
    values = [section.get(key) or fields[key].default for key in KEYS]
    if math.prod(len(v) if isinstance(v, (list, tuple)) else 1 for v in values) == 1:
        yield Problem(
            "every list has one value: there is nothing to search, and ACT saves nothing and "
            "crashes; set these in QuantPost instead",
            ("HyperParameterOptimization",),
        )


RULE = Rule(
    code="SG114",
    name="search-of-one",
    severity="error",
    stage="text",
    title="A search over a single combination",
    why=(
        "ACT's search compares each trial with the best so far; with a single combination it "
        "saves nothing, and then fails to find the model that it should have saved."
    ),
    remedy="Give at least one list two values, or use `QuantPost` alone.",
    check=check,
    example=Example(
        bad=(
            "QuantPost:\n  batch_nums: 10\nHyperParameterOptimization:\n  ptq_algo: [avg]\n"
            "  bias_correct: [true]\n  hist_percent: [0.999]\n  batch_num: [10]\n"
        ),
        good=(
            "QuantPost:\n  batch_nums: 10\nHyperParameterOptimization:\n  ptq_algo: [avg, hist]\n"
            "  bias_correct: [true]\n  hist_percent: [0.999]\n  batch_num: [10]\n"
        ),
    ),
)
