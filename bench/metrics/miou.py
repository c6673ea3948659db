"""Mean intersection over union, of label maps that an accuracy worker predicts.

The worker writes the map of image N as ``N.z``, compressed by zlib: height and width in four bytes
each, then its labels by rows, one byte a pixel or two (low bytes first). Areas are counted here,
from labels that the worker never sees.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.metrics.base import ImageStatistics, LabelledData, LabelledImage, Metric
from bench.metrics.label_maps import find_pairs, read_labels
from bench.metrics.label_range import require_labels
from bench.metrics.segmentation import SegmentationStatistics, areas_of
from core.errors import JobFailure

SIZE = struct.Struct("<II")
MAPS = "maps"
"""Folder of the predicted label maps."""
TYPES: dict[float, np.dtype[Any]] = {1: np.dtype("u1"), 2: np.dtype("<u2")}
"""Types of pixels by their number of bytes."""


class MeanIou:
    """See ``bench.metrics.base.Metric``. Settings: ``pairs``, ``classes``, ``ignored``, and
    ``absent``: the IoU of a class that neither occurs nor is predicted, None if it is not known.
    """

    statistics: type[ImageStatistics] = SegmentationStatistics

    def images(self, labelled: LabelledData) -> tuple[LabelledImage, ...]:
        return find_pairs(labelled)

    def truths(self, labelled: LabelledData) -> Iterator[Path]:
        return (Path(str(image.truth)) for image in find_pairs(labelled))

    def score(
        self, predictions: Path, images: Sequence[LabelledImage], labelled: LabelledData
    ) -> ImageStatistics:
        absent = labelled.scoring.settings.get("absent", 0)
        if absent is None:
            reason = "the suite's mean_iou counts absent classes in a way that is not known"
            raise JobFailure("accuracy", "error", reason)
        areas = [
            _areas(predictions / MAPS / f"{number}.z", image, labelled)
            for number, image in enumerate(images)
        ]
        return SegmentationStatistics(np.stack(areas), absent)

    def describe(self, images: Sequence[LabelledImage], labelled: LabelledData) -> dict[str, Any]:
        settings = labelled.scoring.settings
        return {
            "task": "segmentation",
            "images": [[str(image.file), str(image.truth)] for image in images],
            "num_classes": settings["classes"],
            "ignore_index": settings["ignored"],
            "shift": settings["pairs"].shift,
        }


def _areas(file: Path, image: LabelledImage, labelled: LabelledData) -> npt.NDArray[np.int64]:
    settings, label_map = labelled.scoring.settings, Path(str(image.truth))
    classes, ignored = settings["classes"], settings["ignored"]
    truth = read_labels(label_map, settings["pairs"].shift)
    try:
        require_labels(truth, classes, ignored, str(label_map), labelled.scoring.section)
    except ValueError as error:
        raise JobFailure("accuracy", "error", str(error)) from error
    return areas_of(read_map(file, truth.shape), truth, classes, ignored)


def read_map(file: Path, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """A predicted label map of that shape, (H, W); raises JobFailure for any other. Reads at most
    what such a map unpacks to.
    """
    pixels = shape[0] * shape[1]
    most = SIZE.size + pixels * 2
    try:
        if file.stat().st_size > most + 2**16:
            raise ValueError("larger than a label map of this image can be")
        content = zlib.decompressobj().decompress(file.read_bytes(), most + 1)
        if SIZE.unpack_from(content) != shape:
            raise ValueError(
                f"the prediction is {SIZE.unpack_from(content)} after the transforms were undone, "
                f"the labels are {shape}: a transform changes the size for good, or the image has "
                "another size than its labels, once it is turned as its EXIF data say"
            )
        kind = TYPES.get((len(content) - SIZE.size) / max(pixels, 1))
        if kind is None:
            raise ValueError(f"not {pixels} labels")
    except (OSError, ValueError, struct.error, zlib.error) as error:
        reason = f"malformed prediction {file.name}: {error}"
        raise JobFailure("accuracy", "error", reason) from error
    labels = np.frombuffer(content, dtype=kind, offset=SIZE.size)
    return np.asarray(labels.reshape(shape), np.int64)


METRIC: Metric = MeanIou()
