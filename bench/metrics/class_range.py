"""Checks the numbers of classes as the suite's own scoring does. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def require_categories(
    predicted: npt.NDArray[Any], categories: int, classes: int, source: str
) -> None:
    """Raises ValueError if a predicted class has no category in the annotations; the suite ends in
    a KeyError (``ppdet/metrics/json_results.py``). ``predicted``: numbers of classes, -1 for none.
    """
    beyond = predicted[predicted >= categories]
    if beyond.size:
        raise ValueError(
            f"num_classes: {classes}, but {source} names {categories} categories: "
            f"the predicted class {int(np.min(beyond))} has none"
        )


def require_classes(objects: Iterable[Mapping[str, Any]], classes: int, source: str) -> None:
    """Raises ValueError for an object of a class beyond ``classes``, for which the suite's VOC mAP
    ends in an IndexError (``ppdet/metrics/map_utils.py``); 0 for a config that names no number.
    """
    beyond = [item["category_id"] for item in objects if item["category_id"] >= classes]
    if classes and beyond:
        raise ValueError(
            f"num_classes: {classes}, but {len(beyond)} objects are of a class beyond it, "
            f"such as number {min(beyond)} of {source}"
        )
