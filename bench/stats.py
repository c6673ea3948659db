"""Bootstrap intervals: paired over the same images, and over rounds of timing."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from statistics import median

import numpy as np
import numpy.typing as npt

from bench.metrics.base import ImageStatistics, Weights
from core.quantities import Measure
from core.schema import StrictModel

RESAMPLES = 1000
CONFIDENCE = 0.95


class Interval(StrictModel):
    """A point estimate with its 95 % interval, in the unit of the quantity."""

    value: Measure
    low: Measure
    high: Measure

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


@functools.lru_cache(maxsize=2)
def image_weights(images: int, resamples: int) -> Weights:
    """(resamples, images), read-only: how often each resample draws each image, with replacement.
    Equal for every model, so that comparisons are paired.
    """
    rng = np.random.default_rng(20_240_101)
    weights = rng.multinomial(images, np.full(images, 1 / images), size=resamples)
    weights.flags.writeable = False
    return weights


def score(statistics: ImageStatistics) -> float:
    """The metric on all images, each counted once."""
    return float(statistics.scores(np.ones((1, statistics.images), np.int64))[0])


def score_interval(statistics: ImageStatistics) -> Interval:
    """The metric with a percentile interval over resampled images."""
    resampled = statistics.scores(image_weights(statistics.images, statistics.resamples))
    return _interval(score(statistics), resampled)


def change_interval(old: ImageStatistics, new: ImageStatistics) -> Interval:
    """``new`` minus ``old``, resampled over the same images. Raises ValueError if they differ."""
    if old.images != new.images or old.metric != new.metric:
        raise ValueError("statistics of different data cannot be compared")
    weights = image_weights(old.images, old.resamples)
    return _interval(score(new) - score(old), new.scores(weights) - old.scores(weights))


def median_interval(rounds: Sequence[Sequence[float]]) -> Interval:
    """Median of all samples; the interval comes from resampling whole rounds."""
    middles = np.array([median(samples) for samples in rounds])
    value = float(np.median(np.concatenate([np.asarray(r) for r in rounds])))
    return _interval(value, np.median(_resampled(middles), axis=1))


def ratio_interval(slow: Sequence[Sequence[float]], fast: Sequence[Sequence[float]]) -> Interval:
    """How many times faster ``fast`` is: the median over rounds of the ratio of medians.

    Ratios are taken within rounds, so that changes of the machine's speed between rounds cancel
    out. Raises ValueError for different numbers of rounds.
    """
    ratios = np.array([median(a) / median(b) for a, b in zip(slow, fast, strict=True)])
    return _interval(float(np.median(ratios)), np.median(_resampled(ratios), axis=1))


def _resampled(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(resamples, len(values)): draws with replacement."""
    rng = np.random.default_rng(20_240_102)
    return np.asarray(values[rng.integers(0, len(values), (RESAMPLES, len(values)))])


def _interval(value: float, resampled: npt.NDArray[np.float64]) -> Interval:
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Interval(value=value, low=min(float(low), value), high=max(float(high), value))
