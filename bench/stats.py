"""Bootstrap intervals: paired over the same images, and over rounds of timing."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.metrics.base import ImageStatistics
from core.quantities import Measure
from core.schema import StrictModel

RESAMPLES = 1000
CONFIDENCE = 0.95
BLOCK = 2_000_000
"""How many weights of images, or indices of rounds, are held at once as 8-byte numbers."""


class Interval(StrictModel):
    """A point estimate with its 95 % interval, in the unit of the quantity."""

    value: Measure
    low: Measure
    high: Measure

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


@functools.lru_cache(maxsize=2)
def image_weights(images: int, resamples: int) -> npt.NDArray[Any]:
    """(resamples, images), read-only: how often each resample draws each image, with replacement.
    Equal for every model, so that comparisons are paired. Kept as bytes where the numbers are small
    enough, as they nearly always are.
    """
    rng = np.random.default_rng(20_240_101)
    even = np.full(images, 1 / images)
    blocks = [rng.multinomial(images, even, size=rows) for rows in _blocks(resamples, images)]
    smallest = np.min_scalar_type(max(int(block.max()) for block in blocks))
    weights: npt.NDArray[Any] = np.concatenate([block.astype(smallest) for block in blocks])
    weights.flags.writeable = False
    return weights


def _blocks(rows: int, columns: int) -> list[int]:
    """``rows`` in parts of at most ``BLOCK`` numbers."""
    part = max(1, BLOCK // columns)
    return [min(part, rows - start) for start in range(0, rows, part)]


def _resampled_scores(statistics: ImageStatistics) -> npt.NDArray[np.float64]:
    """(resamples,) the metric of each resample."""
    weights = image_weights(statistics.images, statistics.resamples)
    ends = np.cumsum(_blocks(len(weights), statistics.images))
    parts = np.split(weights, ends[:-1])
    return np.concatenate([statistics.scores(part.astype(np.int64)) for part in parts])


def score(statistics: ImageStatistics) -> float:
    """The metric on all images, each counted once."""
    return float(statistics.scores(np.ones((1, statistics.images), np.int64))[0])


def score_interval(statistics: ImageStatistics) -> Interval:
    """The metric with a percentile interval over resampled images."""
    return _interval(score(statistics), _resampled_scores(statistics))


def change_interval(old: ImageStatistics, new: ImageStatistics) -> Interval:
    """``new`` minus ``old``, resampled over the same images. Raises ValueError if they differ."""
    same = (old.images, old.metric, old.resamples) == (new.images, new.metric, new.resamples)
    if not same:
        raise ValueError("statistics of different data cannot be compared")
    change = _resampled_scores(new) - _resampled_scores(old)
    return _interval(score(new) - score(old), change)


def median_interval(rounds: Sequence[Sequence[float]]) -> Interval:
    """Median of all samples; the interval comes from resampling whole rounds."""
    middles = np.array([median(samples) for samples in rounds])
    value = float(np.median(np.concatenate([np.asarray(r) for r in rounds])))
    return _interval(value, _resampled_medians(middles))


def ratio_interval(slow: Sequence[Sequence[float]], fast: Sequence[Sequence[float]]) -> Interval:
    """How many times faster ``fast`` is: the median over rounds of the ratio of medians.

    Ratios are taken within rounds, so that changes of the machine's speed between rounds cancel
    out. Raises ValueError for different numbers of rounds.
    """
    ratios = np.array([median(a) / median(b) for a, b in zip(slow, fast, strict=True)])
    return _interval(float(np.median(ratios)), _resampled_medians(ratios))


def _resampled_medians(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(resamples,) the median of as many draws with replacement as there are values."""
    rng = np.random.default_rng(20_240_102)
    count = len(values)
    draws = (rng.integers(0, count, (rows, count)) for rows in _blocks(RESAMPLES, count))
    return np.concatenate([np.median(values[drawn], axis=1) for drawn in draws])


def _interval(value: float, resampled: npt.NDArray[np.float64]) -> Interval:
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Interval(value=value, low=min(float(low), value), high=max(float(high), value))
