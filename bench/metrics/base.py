"""The interface of a metric: scores of predictions as statistics that can be resampled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from compress.suites.dialect import Scoring, Split

Weights = npt.NDArray[np.int64]
"""(resamples, images): how often each image counts."""
MAX_CLASSES = 2000
"""More classes than any data set of the suites has; each costs memory in every resample."""
Arrays = Mapping[str, npt.NDArray[Any]]
"""Plain arrays by name, in the form that is stored."""


@dataclass(frozen=True)
class LabelledImage:
    """An image, and its truth: the file of its labels, or its number in the annotations."""

    file: Path
    truth: Path | int


@dataclass(frozen=True)
class LabelledData:
    """Labelled images on this machine: their folder, and their list or annotation file.

    ``without``: the data whose images do not count: those of the evaluation, in a training split.
    """

    folder: Path
    index: Path | None
    scoring: Scoring
    split: Split = "evaluation"
    without: LabelledData | None = None


class ImageStatistics(Protocol):
    """Per-image statistics of one model on one data set; higher scores are better."""

    form: ClassVar[str]
    """The name of the form in which the statistics are stored."""
    resamples: ClassVar[int]
    """Number of resamples for an interval: fewer where a score costs more."""

    @property
    def metric(self) -> str:
        """The metric's name in tables."""

    @property
    def images(self) -> int:
        """Number of images."""

    @property
    def rule(self) -> str:
        """How scores follow from counts, where versions of a suite differ in it."""

    def scores(self, weights: Weights) -> npt.NDArray[np.float64]:
        """(resamples,) the metric, from 0 to 1, for each row of image weights."""

    def truth(self) -> npt.NDArray[np.int64]:
        """(images, …) the truth of each image, counted; equal for equal data."""

    def chance(self) -> float:
        """The score of the best model that ignores its input."""

    def of_occurring(self) -> ImageStatistics:
        """The same, by the classes that occur alone: others add nothing."""

    def arrays(self) -> Arrays:
        """Everything above, as arrays that ``from_arrays`` reads."""

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> ImageStatistics:
        """The statistics; raises ValueError or KeyError for any other arrays."""


class Metric(Protocol):
    """Each module ``bench.metrics.NAME`` provides one as ``METRIC``."""

    @property
    def statistics(self) -> type[ImageStatistics]:
        """The class of its statistics, which several metrics may share."""

    def images(self, labelled: LabelledData) -> tuple[LabelledImage, ...]:
        """All images of a data set, in the suite's order; raises InputError for annotations that
        cannot be read.
        """

    def truths(self, labelled: LabelledData) -> Iterator[Path]:
        """The files that hold the truth; raises like ``images``."""

    def score(
        self, predictions: Path, images: Sequence[LabelledImage], labelled: LabelledData
    ) -> ImageStatistics:
        """Statistics of the predictions for these images, which an accuracy worker wrote to a
        folder (untrusted). The worker never sees what they are compared with.

        Raises JobFailure for predictions that are too large or malformed, InputError for
        annotations that cannot be read.
        """

    def describe(self, images: Sequence[LabelledImage], labelled: LabelledData) -> dict[str, Any]:
        """What ``bench.in_worker.drawing`` needs in order to show predictions beside the truth."""
