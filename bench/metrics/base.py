"""What every metric offers to the statistics."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.int64]
"""(resamples, images): how often each image counts."""


class ImageStatistics(Protocol):
    """Per-image statistics of one model on one data set; higher scores are better."""

    @property
    def metric(self) -> str:
        """The metric's name, as tables show it."""

    @property
    def images(self) -> int:
        """Number of images."""

    def scores(self, weights: Weights) -> npt.NDArray[np.float64]:
        """(resamples,) the metric, from 0 to 1, for each row of image weights."""

    def truth(self) -> npt.NDArray[np.int64]:
        """(images, …) what was to be found in each image: equal for equal data."""

    def chance(self) -> float:
        """What the best model that ignores its input would reach."""
