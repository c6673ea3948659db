"""Loads the detections that an accuracy worker wrote; malformed or infinite ones never count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.metrics.limits import MAX_DETECTIONS_BYTES, MAX_INDEX_BYTES, load_limited_json
from core.errors import JobFailure

EMPTY = [0.0, 0.0, 0.0, 0.0]
MAX_BOXES = 10_000
"""Of one image. The suite keeps some hundred; each is compared with every object of the image."""
Detection = dict[str, Any]
"""COCO result: ``image_id``, ``category_id``, ``bbox`` (x, y, width, height; pixels), ``score``."""


def load_detections(folder: Path) -> tuple[dict[int, Path], list[Detection]]:
    """Image files by number, and the detections; raises JobFailure for malformed files."""
    try:
        images = _images(load_limited_json(folder / "index.json", MAX_INDEX_BYTES))
        results = list(_boxes(load_limited_json(folder / "detections.json", MAX_DETECTIONS_BYTES)))
    except (OSError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise JobFailure("accuracy", "error", f"malformed predictions: {error!r}") from error
    _require_few(results)
    return images, results


def _require_few(results: list[Detection]) -> None:
    boxes = Counter(result["image_id"] for result in results)
    if boxes and max(boxes.values()) > MAX_BOXES:
        raise JobFailure("accuracy", "limit", f"more than {MAX_BOXES} boxes in one image")


def _images(index: Any) -> dict[int, Path]:
    """Image files by number; raises ValueError unless both are unique."""
    images = {int(number): Path(file) for file, number in index["images"]}
    if not len(index["images"]) == len(images) == len(set(images.values())):
        raise ValueError("an image or its number appears twice")
    return images


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
