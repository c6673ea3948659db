"""Inputs for a model where the data cannot be had or does not matter: noise of the right form."""

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
    """A feed for every input. Images are noise in the range of normalised ones; ``im_shape`` is
    the image's size, everything else ones. Free dimensions follow ``image_shape`` (N, C, H, W).
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
    """A feed's shape without free dimensions: the first is the batch, the last three an image's."""
    full = list(shape)
    for axis, size in enumerate(shape):
        if size < 0:
            from_end = axis - len(shape)
            spatial = len(shape) >= IMAGE_RANK and from_end >= -3
            full[axis] = image_shape[from_end] if spatial else (image_shape[0] if axis == 0 else 1)
    return tuple(full)
