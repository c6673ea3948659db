"""Synthetic inputs of a model, for where data is missing or does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from compress.suites.driver import Feed

IMAGE_RANK = 4


@dataclass(frozen=True)
class FeedSpec:
    """One input of an exported program; -1 in ``shape`` where a dimension is free."""

    shape: tuple[int, ...]
    dtype: str


FeedSpecs = Mapping[str, FeedSpec]


def synthetic_feeds(specs: FeedSpecs, image_shape: Sequence[int], seed: int) -> Feed:
    """An array for every input: images are noise in the range of normalised images, ``im_shape`` is
    the size of the image, all other inputs are ones. Free dimensions follow ``image_shape``
    (N, C, H, W).
    """
    rng = np.random.default_rng(seed)
    return {name: _feed(name, spec, image_shape, rng) for name, spec in specs.items()}


def _feed(
    name: str, spec: FeedSpec, image_shape: Sequence[int], rng: np.random.Generator
) -> npt.NDArray[Any]:
    shape = filled_shape(spec.shape, image_shape)
    if name == "im_shape":
        return np.broadcast_to(np.asarray(image_shape[2:], spec.dtype), shape).copy()
    if len(shape) >= IMAGE_RANK and spec.dtype.startswith("float"):
        return rng.normal(0, 1, shape).astype(spec.dtype)
    return np.ones(shape, spec.dtype)


def filled_shape(shape: Sequence[int], image_shape: Sequence[int]) -> tuple[int, ...]:
    """An input's shape without free dimensions, which are those of the batch and of the image."""
    full = list(shape)
    for axis, size in enumerate(shape):
        if size < 0:
            from_end = axis - len(shape)
            spatial = len(shape) >= IMAGE_RANK and from_end >= -3
            full[axis] = image_shape[from_end] if spatial else (image_shape[0] if axis == 0 else 1)
    return tuple(full)
