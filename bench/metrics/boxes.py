"""Loads the detections that an accuracy worker wrote; malformed or infinite ones never count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.metrics.limits import (
    MAX_DETECTIONS_BYTES,
    MAX_DETECTIONS_VALUES,
    load_limited_json,
)
from core.errors import JobFailure

DETECTIONS = "detections.json"
EMPTY = [0.0, 0.0, 0.0, 0.0]
MAX_BOXES = 10_000
"""Of one image. The suite keeps some hundred; each is compared with every object of the image."""
Detection = dict[str, Any]
"""``image_id``: the number of the image; ``category_id``: that of the class; ``bbox``: x, y, width
and height in pixels; ``score``.
"""


def load_detections(folder: Path, images: int) -> list[list[Detection]]:
    """The detections of each image; raises JobFailure for malformed files."""
    try:
        content = load_limited_json(
            folder / DETECTIONS, MAX_DETECTIONS_BYTES, MAX_DETECTIONS_VALUES
        )
        results = list(_boxes(content))
    except (OSError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise JobFailure("accuracy", "error", f"malformed predictions: {error!r}") from error
    _require_few(results)
    by_image: list[list[Detection]] = [[] for _ in range(images)]
    for result in results:
        if 0 <= result["image_id"] < images:
            by_image[result["image_id"]].append(result)
    return by_image


def _require_few(results: list[Detection]) -> None:
    boxes = Counter(result["image_id"] for result in results)
    if boxes and max(boxes.values()) > MAX_BOXES:
        raise JobFailure("accuracy", "limit", f"more than {MAX_BOXES} boxes in one image")


def _boxes(results: Any) -> Iterator[dict[str, Any]]:
    """The detections with finite scores. A box that is not finite becomes an empty one, which
    matches no object: comparisons with NaN would count it as a hit.
    """
    for result in results:
        box = [float(value) for value in result["bbox"]]
        score = float(result["score"])
        if len(box) != len(EMPTY):
            raise ValueError(f"a box has {len(box)} numbers instead of {len(EMPTY)}")
        if math.isfinite(score):
            yield {
                "image_id": _whole(result["image_id"]),
                "category_id": _whole(result["category_id"]),
                "bbox": box if all(map(math.isfinite, box)) else EMPTY,
                "score": score,
            }


def _whole(value: Any) -> int:
    """The number; raises ValueError unless it fits into 64 bits."""
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a number of an image or category has more than 64 bits")
    return number
