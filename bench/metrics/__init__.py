"""The metrics, one module each. To add one: a module with ``METRIC`` and its name here.

A metric keeps statistics for each image, so that it can be computed again on resampled images.
"""

from __future__ import annotations

from bench.metrics.base import Metric
from core.errors import InputError
from core.registry import registered

NAMES = (
    "miou",
    "coco",
    "voc",
)

METRICS: dict[str, Metric] = dict(zip(NAMES, registered(__name__, NAMES, "METRIC"), strict=True))
"""Metrics by the name that a dialect's ``Scoring`` gives."""


def find_metric(name: str) -> Metric:
    """The metric of that name; raises InputError with the valid ones."""
    if name not in METRICS:
        raise InputError(
            f"unknown metric {name!r}",
            given=name,
            choices=tuple(METRICS),
            hint="correct the metric in the dialect's scoring",
        )
    return METRICS[name]
