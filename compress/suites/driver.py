"""What a suite's driver has to offer: export a model, read data. Satisfied inside workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy.typing as npt

from compress.suites.dialect import Split

Feed = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Sample:
    """One labelled image, preprocessed as the config says.

    ``feeds``: what the model takes, by the suite's name (``image``, ``scale_factor``, …), each
    with a leading batch dimension of 1. ``truth``: (H, W) labels for segmentation, the image's
    id for detection. ``context``: what ``decode`` needs to undo the preprocessing.
    """

    image_path: str
    feeds: Feed
    truth: Any
    context: Any


@dataclass(frozen=True)
class TrainingData:
    """Samples for calibration and distillation. ``dataset``: a ``paddle.io.Dataset``;
    ``collate`` turns a list of its samples into one batch of feeds by the suite's names;
    ``labelled``: with ``label`` among them, (N, H, W) int64 for segmentation.
    """

    dataset: Any
    batch_size: int
    collate: Callable[[list[Any]], Feed]
    labelled: bool = False


class Validation(Protocol):
    """The labelled images of one split. ``task`` names the metric's module in bench.metrics."""

    task: Literal["segmentation", "detection"]

    def __len__(self) -> int:
        """Number of samples."""

    def __iter__(self) -> Iterator[Sample]:
        """The samples, in the suite's order."""

    def decode(self, outputs: Sequence[npt.NDArray[Any]], sample: Sample) -> Any:
        """The prediction at the size of the original image, from the model's raw outputs.

        Segmentation: (H, W) int64 labels. Detection: COCO result dicts.
        """

    def description(self) -> dict[str, Any]:
        """What scoring needs to know once: class count and names, ignored label, annotations."""


class Driver(Protocol):
    """What only the suite's own code can do; used inside worker processes."""

    def export(
        self, config: Path, weights: Path | None, shape: Sequence[int], output_op: str, out: Path
    ) -> list[str]:
        """Writes ``out/model.pdmodel`` and ``out/model.pdiparams``; returns remarks."""

    def training_data(self, config: Path) -> TrainingData:
        """What compression learns from."""

    def validation(
        self, config: Path, limit: int | None, split: Split = "evaluation"
    ) -> Validation:
        """The images of a split, read as the evaluation reads them: at most ``limit``, spread
        evenly over it. Training images that the evaluation has, too, are left out.
        """


def spread(count: int, limit: int | None) -> list[int]:
    """At most ``limit`` indices of ``count``, spread evenly; the same ones every time."""
    if limit is None or limit >= count:
        return list(range(count))
    return [index * count // limit for index in range(limit)]
