"""COCO mean average precision, with the matching of pycocotools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.metrics.base import ImageStatistics, LabelledData, LabelledImage, Metric
from bench.metrics.boxes import Detection, load_detections
from bench.metrics.class_range import require_categories
from bench.metrics.detection import DetectionStatistics, match_detections, read_annotations
from bench.metrics.paths import below
from core.errors import InputError, JobFailure

LEAST_SIDE = 1e-5
"""In pixels; the suite leaves out smaller boxes (``ppdet/data/source/coco.py``)."""


class CocoMap:
    """See ``bench.metrics.base.Metric``. Settings: ``image_dir``, ``allow_empty``, ``load_crowd``,
    ``sample_num``. The truth of an image is its id in the annotations.
    """

    statistics: type[ImageStatistics] = DetectionStatistics

    def images(self, labelled: LabelledData) -> tuple[LabelledImage, ...]:
        """Of the images that count, the first ``sample_num`` by id; those without objects come
        last, as in the suite's data set. Of two with one id the later counts.
        """
        index, settings = _index(labelled), labelled.scoring.settings
        dataset = read_annotations(index)
        root = below(labelled.folder, labelled.scoring, "image_dir") or labelled.folder
        try:
            full = {item["image_id"] for item in _objects(dataset, settings.get("load_crowd"))}
            by_id = {row["id"]: row for row in dataset["images"]}
            rows = [by_id[number] for number in sorted(by_id)]
            rows = [row for row in rows if min(row["width"], row["height"]) >= 0]
            places = [LabelledImage(root / row["file_name"], row["id"]) for row in rows]
        except (KeyError, TypeError) as error:
            raise InputError(
                f"no COCO annotations: {error!r}", file=str(index), hint="check the data set"
            ) from error
        most, empty = settings.get("sample_num"), settings.get("allow_empty")
        counted = [i for i in places if (empty or i.truth in full) and i.file.exists()]
        counted = counted[:most] if isinstance(most, int) and most > 0 else counted
        return tuple(sorted(counted, key=lambda image: image.truth not in full))

    def truths(self, labelled: LabelledData) -> Iterator[Path]:
        yield _index(labelled)

    def score(
        self, predictions: Path, images: Sequence[LabelledImage], labelled: LabelledData
    ) -> ImageStatistics:
        index = _index(labelled)
        by_image = load_detections(predictions, len(images))
        categories = [category["id"] for category in read_annotations(index)["categories"]]
        numbers = np.array([box["category_id"] for boxes in by_image for box in boxes], np.int64)
        try:
            classes = labelled.scoring.settings.get("num_classes") or len(categories)
            require_categories(numbers, len(categories), classes, index.name)
        except ValueError as error:
            raise JobFailure("accuracy", "error", str(error)) from error
        results = [
            {**box, "image_id": image.truth, "category_id": categories[box["category_id"]]}
            for image, boxes in zip(images, by_image, strict=True)
            for box in boxes
            if box["category_id"] >= 0
        ]
        try:
            return match_detections(index, results, sorted(int(str(i.truth)) for i in images))
        except Exception as error:  # predictions were checked: the annotations are at fault
            raise InputError(
                f"no COCO annotations: {error!r}", file=str(index), hint="check the data set"
            ) from error

    def describe(self, images: Sequence[LabelledImage], labelled: LabelledData) -> dict[str, Any]:
        dataset = read_annotations(_index(labelled))
        numbers = {image.truth: number for number, image in enumerate(images)}
        classes = {category["id"]: n for n, category in enumerate(dataset["categories"])}
        objects: list[Detection] = [
            {
                "image_id": numbers[item["image_id"]],
                "category_id": classes.get(item["category_id"], -1),
                "bbox": item["bbox"],
            }
            for item in dataset["annotations"]
            if item["image_id"] in numbers
        ]
        files = [[str(image.file), number] for number, image in enumerate(images)]
        return {"task": "detection", "images": files, "objects": objects}


METRIC: Metric = CocoMap()


def _index(labelled: LabelledData) -> Path:
    if labelled.index is None:
        raise JobFailure("accuracy", "error", "the config names no annotations")
    return labelled.index


def _objects(dataset: dict[str, Any], with_crowds: object) -> Iterator[dict[str, Any]]:
    """The objects for which the suite keeps an image."""
    for item in dataset["annotations"]:
        box = item.get("bbox")
        ignored = item.get("ignore", False) or (item.get("iscrowd", 0) and not with_crowds)
        if box and not ignored and item["area"] > 0 and min(box[2:]) > LEAST_SIDE:
            yield item
