"""Loads the detections that an accuracy worker wrote; malformed or infinite ones never count."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.metrics.limits import MAX_DETECTIONS_BYTES, MAX_INDEX_BYTES, load_limited_json
from core.errors import JobFailure

EMPTY = [0.0, 0.0, 0.0, 0.0]
Detection = dict[str, Any]
"""COCO result: ``image_id``, ``category_id``, ``bbox`` (x, y, width, height; pixels), ``score``."""


def load_detections(folder: Path) -> tuple[dict[int, Path], list[Detection]]:
    """Image files by number, and the detections; raises JobFailure for malformed files."""
    try:
        images = _images(load_limited_json(folder / "index.json", MAX_INDEX_BYTES))
        results = list(_boxes(load_limited_json(folder / "detections.json", MAX_DETECTIONS_BYTES)))
    except (OSError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise JobFailure("accuracy", "error", f"malformed predictions: {error!r}") from error
    return images, results


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
                "image_id": int(result["image_id"]),
                "category_id": int(result["category_id"]),
                "bbox": box if all(map(math.isfinite, box)) else EMPTY,
                "score": score,
            }
