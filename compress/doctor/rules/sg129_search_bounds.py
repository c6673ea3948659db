"""Lists of a search that ACT cannot read, or reads as something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg114_search_of_one import SECTION, tries_percentiles
from compress.recipes.values import number

CHOICES = ("ptq_algo", "bias_correct", "weight_quantize_type")
OURS = frozenset({"objective", "max_minutes"})
"""Keys that ACT does not take."""


def check(subject: Subject) -> Iterator[Problem]:
    """Bounds that are not two rising numbers, choices that are repeated, and the number of trials
    that ACT reserves for a search of its own. A search with a key of slimgate's is not for ACT.
    """
    section = subject.section(SECTION) or {}
    if not OURS.isdisjoint(section):
        return
    if tries_percentiles(section):
        yield from _bounds("hist_percent", section.get("hist_percent"), 2)
    yield from _bounds("batch_num", section.get("batch_num"), 1)
    for key in CHOICES:
        yield from _repeated(key, section.get(key))
    if section.get("max_quant_count") == 1:
        yield Problem(
            "ACT takes max_quant_count: 1 for the test run of its own search, and may then "
            "add a search of 20 models or quantisation-aware training; give 2 or more",
            (SECTION, "max_quant_count"),
        )


def _bounds(key: str, values: Any, least: int) -> Iterator[Problem]:
    """``least``: so many numbers ACT needs; a single number of batches is one that stays."""
    if not isinstance(values, list) or not values or any(number(v) is None for v in values):
        return
    where = (SECTION, key)
    if len(values) < least:
        yield Problem(
            f"ACT needs two values in {key} where ptq_algo has hist, a lower and an upper bound, "
            "and ends in an IndexError; write two, such as [0.98, 0.999], or take hist out of "
            "ptq_algo",
            where,
        )
    elif len(values) > 1 and values[0] >= values[1]:
        yield Problem(
            f"ACT takes {key} for a lower and an upper bound and refuses {values[0]} and "
            f"{values[1]}; write {_meant(values)}",
            where,
        )
    elif len(values) > 2:
        rest = ", ".join(map(str, values[2:]))
        yield Problem(
            f"ACT takes {key} for a lower and an upper bound, {values[0]} and {values[1]}, and "
            f"ignores {rest}; slimgate tries each value. Write {_meant(values)}",
            where,
        )


def _meant(values: list[Any]) -> str:
    least, greatest = min(values), max(values)
    return f"[{least}, {greatest}]" if least < greatest else "two different numbers"


def _repeated(key: str, values: Any) -> Iterator[Problem]:
    if not isinstance(values, list) or len(values) < 2:
        return
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if twice:
        yield Problem(
            f"{key} has {_spelt(twice[0])} more than once, which ACT's search refuses; delete one",
            (SECTION, key),
        )


def _spelt(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


RULE = Rule(
    code="SG129",
    name="search-bounds",
    severity="error",
    stage="text",
    title="Lists of a search that ACT cannot read, or reads as something else",
    why=(
        "In ACT `hist_percent` and `batch_num` are no values to try but bounds, between which its "
        "search draws: it reads `hist_percent[0]` and `hist_percent[1]` as soon as `ptq_algo` has "
        "`hist`, and ignores further values. ConfigSpace refuses a lower bound that is not below "
        "the upper one, and a choice that is listed twice. `max_quant_count: 1` is how ACT marks "
        "the test run of the strategy that it chooses itself: a search of 20 models, or "
        "quantisation-aware training, follows where the first result is not close to fp32. "
        "slimgate tries each value of each list; a search with `objective` or `max_minutes`, which "
        "only slimgate takes, is not looked at."
    ),
    remedy="Write two rising numbers as bounds, and each choice once.",
    check=check,
    example=Example(
        bad=(
            "QuantPost:\n  batch_nums: 10\nHyperParameterOptimization:\n  ptq_algo: [avg, hist]\n"
            "  hist_percent: [0.999]\n  batch_num: [10, 30]\n"
        ),
        good=(
            "QuantPost:\n  batch_nums: 10\nHyperParameterOptimization:\n  ptq_algo: [avg, hist]\n"
            "  hist_percent: [0.98, 0.999]\n  batch_num: [10, 30]\n"
        ),
    ),
)
