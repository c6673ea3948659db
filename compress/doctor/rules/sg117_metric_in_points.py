"""A metric in points where ACT expects a fraction."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.values import decimal

LEAST_POINTS = 10
"""A metric below this is hardly in points: 1.5 may be a slip for 0.15, or for 15."""


def check(subject: Subject) -> Iterator[Problem]:
    """``origin_metric`` or ``target_metric`` above 1, up to 100."""
    for key in ("origin_metric", "target_metric"):
        value = (subject.section("TrainConfig") or {}).get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 < value <= 100:
            where = ("TrainConfig", key)
            fraction = decimal(float(Decimal(repr(value)) / 100))
            certain = value >= LEAST_POINTS
            edits = edits_of(subject.recipe.replace(where, fraction)) if certain else ()
            is_what = "is in points" if certain else "is above 1"
            yield Problem(
                f"{key}: {value} {is_what}; the suites return metrics from 0 to 1",
                where,
                edits,
            )


RULE = Rule(
    code="SG117",
    name="metric-in-points",
    severity="error",
    stage="text",
    title="A metric in points where ACT expects a fraction",
    why=(
        "ACT stops unless the metric before compression lies within an absolute ±0.05 of "
        "`origin_metric`, which is impossible in points. A `target_metric` in points is never "
        "reached: training runs to the end."
    ),
    remedy="Divide by 100. `slimgate lint --fix` does so.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  epochs: 1\n  learning_rate: 0.001\n  origin_metric: 77.04\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  epochs: 1\n  learning_rate: 0.001\n  origin_metric: 0.7704\n"
        ),
    ),
)
