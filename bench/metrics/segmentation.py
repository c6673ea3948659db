"""Mean intersection over union from per-image areas.

Follows ``paddleseg/utils/metrics.py``: ignored pixels count nowhere, and a class that neither
occurs nor is predicted counts with an IoU of 0 (up to version 2.8) or 1 (since 2.9). The areas come
from one ``bincount`` per image instead of the suite's one-hot sums, with identical results
(``make check-metrics``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bench.metrics.base import MAX_CLASSES, Arrays, Weights

Labels = npt.NDArray[np.int64]
MAX_PIXELS = 2**36
"""More than any image has; sums of such areas over 2**16 images stay exact in floating point."""
BLOCK = 2_000_000
"""How many areas are held at once in floating point."""


def areas_of(predicted: Labels, truth: Labels, classes: int, ignored: int) -> npt.NDArray[np.int64]:
    """(3, classes): intersection, predicted and true area in pixels of one image.

    These are the diagonal and the sums of its confusion matrix. ``predicted`` and ``truth``:
    (H, W) labels. As in the suite, ignored pixels count neither as predicted nor as intersection.
    """
    counted = truth != ignored
    agreed = truth[counted & (truth == predicted)]
    return np.stack([_count(values, classes) for values in (agreed, predicted[counted], truth)])


def _count(labels: Labels, classes: int) -> npt.NDArray[np.int64]:
    """(classes,) pixels by label; labels outside the classes do not count."""
    valid = labels[(labels >= 0) & (labels < classes)]
    return np.bincount(valid.ravel(), minlength=classes)


@dataclass(frozen=True)
class SegmentationStatistics:
    """``areas``: (images, 3, classes) from ``areas_of``; ``absent``: the IoU of a class that
    neither occurs nor is predicted, 0 or 1.
    """

    form: ClassVar[str] = "areas"
    resamples: ClassVar[int] = 1000

    areas: npt.NDArray[np.int64]
    absent: int = 0
    metric: str = "mIoU"

    @property
    def images(self) -> int:
        return len(self.areas)

    def scores(self, weights: Weights) -> npt.NDArray[np.float64]:
        flat = self.areas.reshape(self.images, -1)
        totals = sum_exactly(weights, flat).reshape(len(weights), *self.areas.shape[1:])
        return mean_iou(totals, self.absent)

    def __post_init__(self) -> None:
        shaped = self.areas.ndim == 3 and self.areas.shape[1] == 3 and len(self.areas) > 0
        if not shaped or self.areas.dtype.kind not in "iu" or self.areas.min() < 0:
            raise ValueError(
                "areas must be whole numbers, not negative, of shape (images, 3, classes)"
            )
        if self.areas.shape[2] > MAX_CLASSES:
            raise ValueError(f"more than {MAX_CLASSES} classes")
        if self.areas.max(initial=0) > MAX_PIXELS:
            raise ValueError(f"an area has more than {MAX_PIXELS} pixels")
        if self.absent not in (0, 1):
            raise ValueError("the IoU of absent classes has to be 0 or 1")
        if (self.areas[:, 0] > self.areas[:, 1:].min(axis=1)).any():
            raise ValueError("an intersection is larger than the areas that it is part of")

    @property
    def rule(self) -> str:
        return f"absent classes count as {self.absent}"

    def truth(self) -> npt.NDArray[np.int64]:
        return self.areas[:, 2]

    def chance(self) -> float:
        truth = self.areas[:, 2].sum(axis=0)
        if not truth.sum():
            return 0.0
        absent = self.absent * np.count_nonzero(truth == 0)
        return float((truth.max() / truth.sum() + absent) / len(truth))

    def of_occurring(self) -> SegmentationStatistics:
        return replace(self, absent=0)

    def arrays(self) -> Arrays:
        return {"areas": self.areas, "absent": np.array(self.absent)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> SegmentationStatistics:
        return cls(arrays["areas"], int(arrays.get("absent", np.array(0)).item()))


def sum_exactly(
    weights: npt.NDArray[np.int64], values: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """(rows, columns): ``weights @ values``, computed in floating point, which is many times faster
    and exact: no sum reaches 2**53 with areas of images up to ``MAX_PIXELS``. A block of images at
    a time, so that memory stays bounded.
    """
    totals = np.zeros((len(weights), values.shape[1]))
    step = max(1, BLOCK // max(1, values.shape[1]))
    for start in range(0, len(values), step):
        part = slice(start, start + step)
        totals += weights[:, part].astype(np.float64) @ values[part].astype(np.float64)
    return totals


def mean_iou(
    areas: npt.NDArray[np.int64] | npt.NDArray[np.float64], absent: int = 0
) -> npt.NDArray[np.float64]:
    """(...): mean IoU of (..., 3, classes) areas; ``absent``: that of a class without areas."""
    intersection, predicted, truth = np.moveaxis(areas.astype(np.float64), -2, 0)
    union = predicted + truth - intersection
    iou = np.divide(intersection, union, out=np.full_like(union, absent), where=union > 0)
    return np.asarray(iou.mean(axis=-1))
