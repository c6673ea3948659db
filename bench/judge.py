"""Judges measurements, one change at a time, by limits from the manifest. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.metrics.base import ImageStatistics
from bench.result import Accuracy, Latency
from bench.stats import Interval, change_interval, ratio_interval, score
from core.schema import StrictModel

Verdict = Literal["improved", "unchanged", "regressed", "inconclusive", "incomparable"]
CHANCE_MARGIN = 1.25
"""An fp32 accuracy below this multiple of chance is not a plausible baseline."""
MIN_PLAUSIBLE = 0.02
LEAST_IMAGES = 6
"""With fewer, all of them may fall together by chance alone in more than one of twenty draws."""
ROUNDING = 1e-9
"""Points by which floating point may miss a limit that is met exactly."""
FASTER, SLOWER = 1.02, 0.98
"""Latency changes of less than 2 % are not called faster or slower."""


class Judgement(StrictModel):
    """A verdict with its reason; ``change_points``: new minus old, in points."""

    verdict: Verdict
    reason: str
    change_points: Interval | None = None
    limit_points: float | None = None


@dataclass(frozen=True)
class Scored:
    """An accuracy with its per-image statistics and the model's hash."""

    accuracy: Accuracy
    statistics: ImageStatistics
    content_hash: str


def judge_accuracy(old: Scored, new: Scored, limit_points: float) -> Judgement:
    """Whether accuracy fell by more than ``limit_points`` from ``old`` to ``new``.

    A fall within the limit passes. A larger one is a regression if its interval excludes zero, and
    inconclusive otherwise, or if there are too few images for an interval to mean anything.
    """
    rules = [old.statistics.rule, new.statistics.rule]
    if rules[0] != rules[1]:
        reason = f"base and head do not count the same: {rules[0]} against {rules[1]}"
        return Judgement(verdict="incomparable", reason=reason)
    if not same_data(old, new):
        return Judgement(
            verdict="incomparable",
            reason=(
                f"measured on different images or labels: {old.accuracy.images} images of "
                f"{old.accuracy.metric} against {new.accuracy.images} of {new.accuracy.metric}"
            ),
        )
    change = in_points(change_interval(old.statistics, new.statistics))
    drop, few = -change.value, old.statistics.images < LEAST_IMAGES
    if drop > limit_points + ROUNDING:
        verdict: Verdict = "inconclusive" if few or change.high >= 0 else "regressed"
        reason = f"fell by {_beyond(drop, limit_points)} points, limit {limit_points:g}"
        if verdict == "inconclusive":
            doubt = f"fewer than {LEAST_IMAGES} images" if few else "the interval includes zero"
            reason += f"; {doubt}: measure more images (--budget full)"
    else:
        verdict = "improved" if change.low > 0 and not few else "unchanged"
        reason = f"within the limit of {limit_points:g} points"
        if old.content_hash == new.content_hash and change.value == 0:
            reason = "the very same model"
    return Judgement(
        verdict=verdict, reason=reason, change_points=change, limit_points=limit_points
    )


def _beyond(drop: float, limit_points: float) -> str:
    """The drop with two digits, and with more where it would look like the limit."""
    texts = (f"{drop:.{digits}f}" for digits in range(2, 10))
    return next((text for text in texts if float(text) > limit_points), str(drop))


def same_data(old: Scored, new: Scored) -> bool:
    """Whether both were measured by the same metric on images with the same truth."""
    return old.accuracy.metric == new.accuracy.metric and np.array_equal(
        old.statistics.truth(), new.statistics.truth()
    )


def implausible(fp32: Accuracy) -> str | None:
    """Why an uncompressed model is not a plausible baseline; None if it is one."""
    floor = max(fp32.chance * CHANCE_MARGIN, MIN_PLAUSIBLE)
    if fp32.value >= floor:
        return None
    return (
        f"fp32 {fp32.metric} of {fp32.value:.4f} is near chance ({fp32.chance:.4f}): "
        "check the weights, the data and the preprocessing"
    )


def by_occurring(scored: Scored) -> Accuracy:
    """The accuracy by the classes that occur alone. A model that finds nothing is right about all
    others, and a good one that finds a pixel of them is not: they tell nothing about chance.
    """
    statistics = scored.statistics.of_occurring()
    measured = {"value": score(statistics), "chance": statistics.chance()}
    return scored.accuracy.model_copy(update=measured)


def judge_latency(old: Latency, new: Latency) -> Judgement:
    """Whether ``new`` is faster, from rounds that line up. Informs only; the gate ignores it."""
    if len(old.rounds_ms) != len(new.rounds_ms):
        return Judgement(verdict="incomparable", reason="not measured in the same rounds")
    ratio = ratio_interval(old.rounds_ms, new.rounds_ms)
    if ratio.low > FASTER:
        verdict: Verdict = "improved"
    elif ratio.high < SLOWER:
        verdict = "regressed"
    else:
        verdict = "unchanged"
    return Judgement(verdict=verdict, reason=f"{ratio.value:.2f}× as fast")


def in_points(interval: Interval) -> Interval:
    """Converts fractions of 1 to points (hundredths)."""
    return Interval(value=interval.value * 100, low=interval.low * 100, high=interval.high * 100)
