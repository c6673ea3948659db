"""A search over a single combination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.methods.ptq import HyperParameterOptimization

SECTION = "HyperParameterOptimization"
KEYS = ("ptq_algo", "bias_correct", "weight_quantize_type", "batch_num")


def check(subject: Subject) -> Iterator[Problem]:
    """A search whose lists hold one combination of settings only, as ACT counts them."""
    section = subject.section(SECTION)
    if section is None or tries_percentiles(section):
        return
    values = [_list(section, key) for key in KEYS]
    if all(not isinstance(value, (list, tuple)) or len(value) == 1 for value in values):
        yield Problem(
            "every list has one value: there is nothing to search, and ACT saves nothing and "
            "crashes; set these in QuantPost instead (hist_percent counts beside the algorithm "
            "hist only)",
            (SECTION,),
        )


def tries_percentiles(section: dict[str, Any]) -> bool:
    """Whether ``hist_percent`` counts: one of the algorithms is ``hist``."""
    algorithms = _list(section, "ptq_algo")
    return isinstance(algorithms, (list, tuple)) and "hist" in algorithms


def _list(section: dict[str, Any], key: str) -> Any:
    return section.get(key) or HyperParameterOptimization.model_fields[key].default


RULE = Rule(
    code="SG114",
    name="search-of-one",
    severity="error",
    stage="text",
    title="A search over a single combination",
    why=(
        "ACT's search compares each trial with the best so far; with a single combination it "
        "saves nothing, and then fails to find the model that it should have saved. "
        "`hist_percent` makes no difference to it unless `ptq_algo` has `hist`."
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
            "  bias_correct: [true]\n  hist_percent: [0.99, 0.999]\n  batch_num: [10]\n"
        ),
    ),
)
