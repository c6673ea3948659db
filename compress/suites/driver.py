"""The protocol of a driver, which exports models and reads data inside workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy.typing as npt

Feed = dict[str, npt.NDArray[Any]]
Fill = Callable[[Any], None]
"""Loads the trained weights, if there are any, into a ``paddle.nn.Layer``."""
Run = Callable[[Feed], Sequence[npt.NDArray[Any]]]
"""Runs the model once on feeds by the suite's names; returns its raw outputs."""


@dataclass(frozen=True)
class Sample:
    """One image, preprocessed as the config says.

    ``feeds``: the model's inputs by the suite's names (``image``, ``scale_factor``, …), each with
    a leading batch dimension of 1. ``number``: that of the image. ``context``: what ``predict``
    needs in order to undo the preprocessing.
    """

    feeds: Feed
    number: int
    context: Any


@dataclass(frozen=True)
class TrainingData:
    """Samples for calibration and distillation. ``dataset``: a ``paddle.io.Dataset``;
    ``collate`` turns a list of its samples into one batch of feeds by the suite's names;
    ``labelled``: whether they include ``label``, (N, H, W) int64 for segmentation.
    """

    dataset: Any
    batch_size: int
    collate: Callable[[list[Any]], Feed]
    labelled: bool = False


class ImageReader(Protocol):
    """Reads images one by one. ``task`` says in which form predictions are."""

    task: Literal["segmentation", "detection"]

    def read(self, number: int, image: Path) -> Sample:
        """The image, as the suite's evaluation reads it."""

    def predict(self, run: Run, sample: Sample) -> Any:
        """The prediction at the size of the original image, from as many runs of the model as the
        config's evaluation makes.

        Segmentation: (H, W) int64 labels. Detection: COCO result dicts, with the image's number as
        ``image_id`` and the number of the class as ``category_id``.
        """


class Driver(Protocol):
    """Operations that need the suite's own code; used inside worker processes."""

    def constructible(self) -> frozenset[str]:
        """The tags that the suite's YAML loader turns into objects and that a config may have."""

    def export(
        self, config: Path, fill: Fill, shape: Sequence[int], output_op: str, out: Path
    ) -> list[str]:
        """Writes ``out/model.pdmodel`` and ``out/model.pdiparams``; returns remarks. Calls ``fill``
        with the network as the suite trains it, before anything is merged or wrapped.
        """

    def training_data(self, config: Path) -> TrainingData:
        """The data that compression learns from."""

    def image_reader(self, config: Path) -> ImageReader:
        """Reads images as the evaluation does, without their labels."""


def spread(count: int, limit: int | None) -> list[int]:
    """At most ``limit`` of ``count`` indices, spread evenly; equal arguments, equal indices."""
    if limit is None or limit >= count:
        return list(range(count))
    return [index * count // limit for index in range(limit)]
