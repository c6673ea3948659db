"""Matches detections with VOC annotations.

Boxes are (x1, y1, x2, y2) in pixels, both ends included. Objects marked difficult do not count, and
finding them costs nothing. The results equal those of the suite's own ``DetectionMAP``
(``make check-metrics``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bench.metrics.detection import CategoryMatches, DetectionStatistics
from core.errors import InputError
from core.lines import split_lines

Integration = Literal["11point", "integral"]
"""``map_type`` of a config."""
METRICS: dict[Integration, str] = {
    "11point": "mAP@0.5 (11 points)",
    "integral": "mAP@0.5 (integral)",
}
OVERLAP = 0.5
CLASSES = (
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
)
"""The classes of a config without a ``label_list``."""


@dataclass(frozen=True)
class Truth:
    """The objects of one image: ``boxes`` (N, 4), ``classes`` (N,), ``difficult`` (N,). ``listed``:
    how many there are with those whose boxes are empty.
    """

    boxes: npt.NDArray[np.float64]
    classes: npt.NDArray[np.int64]
    difficult: npt.NDArray[np.bool_]
    listed: int


def read_voc(index: Path, folder: Path, labels: Sequence[str]) -> list[tuple[Path, Truth]]:
    """Each image file with its objects, as often as it is listed. ``index`` has a line
    ``image annotation`` for each image, with paths relative to ``folder``. Raises InputError for
    annotations that cannot be read.
    """
    numbers = {name: number for number, name in enumerate(labels)}
    return [
        (image.resolve(), _read_objects(annotation, numbers))
        for image, annotation in list_voc(index, folder)
    ]


def list_voc(index: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Each image with its annotation, of those that exist; for the arguments see ``read_voc``."""
    for line in split_lines(index.read_text(encoding="utf-8")):
        names = line.split()[:2]
        if len(names) == 2:
            image, annotation = (folder / name for name in names)
            if annotation.is_file():
                yield image, annotation


def _read_objects(file: Path, numbers: Mapping[str, int]) -> Truth:
    """The objects with boxes cut to the image, without empty ones, as in the suite."""
    import xmltodict  # type: ignore[import-untyped]

    try:
        root = xmltodict.parse(file.read_bytes(), force_list=("object",))["annotation"]
        right, bottom = (float(root["size"][side]) - 1 for side in ("width", "height"))
        rows, items = [], root.get("object", ())
        for item in items:
            x1, y1, x2, y2 = (float(item["bndbox"][k]) for k in ("xmin", "ymin", "xmax", "ymax"))
            box = (max(0.0, x1), max(0.0, y1), min(right, x2), min(bottom, y2))
            if box[2] > box[0] and box[3] > box[1]:
                rows.append((*box, numbers[item["name"]], int(item.get("difficult") or 0)))
    except Exception as error:  # expat's errors, and any that an unexpected structure causes
        raise InputError(
            f"the annotation cannot be read: {type(error).__name__}: {error}",
            file=str(file),
            hint="give VOC XML whose classes are in the config's label_list",
        ) from error
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Truth(table[:, :4], table[:, 4].astype(np.int64), table[:, 5] > 0, len(items))


def match_voc(
    truths: Sequence[Truth],
    results: Sequence[Sequence[Mapping[str, Any]]],
    classes: int,
    integration: Integration,
) -> DetectionStatistics:
    """Matches COCO results (``bbox``: x, y, width, height) of each image with its objects."""
    rows: list[list[tuple[float, int, bool, bool]]] = [[] for _ in range(classes)]
    objects = np.zeros((classes, len(truths)), np.int64)
    for image, (truth, detections) in enumerate(zip(truths, results, strict=True)):
        np.add.at(objects[:, image], truth.classes[~truth.difficult], 1)
        matched: set[int] = set()
        for detection, best in zip(detections, _best_overlaps(detections, truth), strict=True):
            difficult = best is not None and bool(truth.difficult[best])
            hit = best is not None and best not in matched
            if best is not None and not difficult:
                matched.add(best)
            category = detection["category_id"]
            if 0 <= category < classes:
                rows[category].append((detection["score"], image, hit, not difficult))
    matches = (_gather(row, counts) for row, counts in zip(rows, objects, strict=True))
    return DetectionStatistics(tuple(matches), len(truths), METRICS[integration], integration)


def _best_overlaps(detections: Sequence[Mapping[str, Any]], truth: Truth) -> list[int | None]:
    """For each detection, the object of its class that overlaps most; None unless by more than
    half.
    """
    if not len(truth.boxes):
        return [None] * len(detections)
    boxes = np.array([detection["bbox"] for detection in detections], np.float64).reshape(-1, 4)
    boxes = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    classes = np.array([detection["category_id"] for detection in detections], np.int64)
    low = np.maximum(boxes[:, None, :2], truth.boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], truth.boxes[None, :, 2:])
    shared = np.prod(high - low + 1, axis=2)
    area = [np.prod(side[:, 2:] - side[:, :2] + 1, axis=1) for side in (boxes, truth.boxes)]
    overlap = shared / (area[0][:, None] + area[1][None] - shared)
    overlap[(high <= low).any(axis=2) | (truth.classes[None] != classes[:, None])] = 0.0
    best = overlap.argmax(axis=1)
    clear = overlap[np.arange(len(detections)), best] > OVERLAP
    return [int(index) if enough else None for index, enough in zip(best, clear, strict=True)]


def _gather(
    rows: list[tuple[float, int, bool, bool]], objects: npt.NDArray[np.int64]
) -> CategoryMatches:
    """One class's detections by falling score; equal scores in the order of the images."""
    scores, image, hit, counted = np.array(rows, np.float64).reshape(-1, 4).T
    order = np.argsort(-scores, kind="mergesort")
    return CategoryMatches(
        image[order].astype(np.int64), hit[None, order] > 0, counted[None, order] > 0, objects
    )
