"""Checks the labels of an image as the suite's own scoring does. Pure."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

MAP_RANK = 2


def require_labels(
    labels: npt.NDArray[Any], classes: int, ignored: int, file: str, key: str
) -> None:
    """Raises ValueError unless ``labels`` is (H, W) with classes or the ignored label only.

    ``paddleseg.utils.metrics.calculate_area`` ends in an error for a label beyond the classes, as
    ``one_hot`` refuses it. ``file`` and ``key`` name the labels and the section of the config.
    """
    if labels.ndim != MAP_RANK:
        raise ValueError(f"{file}: labels of shape {labels.shape}; a pixel has to have one label")
    beyond = labels[(labels != ignored) & ((labels < 0) | (labels >= classes))]
    if beyond.size:
        share = beyond.size / labels.size
        raise ValueError(
            f"{file}: the label {int(beyond.flat[0])} ({share:.1%} of the pixels) is beyond "
            f"{key}.num_classes: {classes}, and not {key}.ignore_index: {ignored}"
        )
