"""VOC mean average precision at an overlap of one half: at 11 points, or the integral."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from bench.metrics.base import ImageStatistics, LabelledData, LabelledImage, Metric
from bench.metrics.boxes import load_detections
from bench.metrics.class_range import require_classes
from bench.metrics.detection import DetectionStatistics
from bench.metrics.paths import below
from bench.metrics.voc_matching import (
    CLASSES,
    Integration,
    Truth,
    list_voc,
    match_voc,
    read_voc,
)
from core.errors import InputError, JobFailure
from core.lines import split_lines

MAX_LABEL_BYTES = 2**20


class VocMap:
    """See ``bench.metrics.base.Metric``. Settings: ``map_type``, ``image_dir``, ``label_list``,
    ``allow_empty``, ``sample_num``, ``num_classes``.
    """

    statistics: type[ImageStatistics] = DetectionStatistics

    def images(self, labelled: LabelledData) -> tuple[LabelledImage, ...]:
        """Of the first ``sample_num`` images those that count; those without objects come last, as
        in the suite's data set. The truth of an image is its place among all.
        """
        settings, annotated = labelled.scoring.settings, _annotated(labelled)
        present = [number for number, (file, _) in enumerate(annotated) if file.is_file()]
        most = settings.get("sample_num")
        present = present[:most] if isinstance(most, int) and most > 0 else present
        full = [number for number in present if annotated[number][1].listed]
        empty = [number for number in present if not annotated[number][1].listed]
        counted = [*full, *(empty if settings.get("allow_empty") else ())]
        return tuple(LabelledImage(annotated[number][0], number) for number in counted)

    def truths(self, labelled: LabelledData) -> Iterator[Path]:
        return (annotation for _, annotation in list_voc(*_places(labelled)))

    def score(
        self, predictions: Path, images: Sequence[LabelledImage], labelled: LabelledData
    ) -> ImageStatistics:
        integration = _integration(labelled.scoring.settings.get("map_type") or "11point")
        detections = load_detections(predictions, len(images))
        truths = _truths(images, labelled)
        classes = len(_labels(labelled))
        try:
            objects = ({"category_id": int(n)} for truth in truths for n in truth.classes)
            most = labelled.scoring.settings.get("num_classes") or 0
            require_classes(objects, most, str(labelled.scoring.settings.get("label_list")))
        except ValueError as error:
            raise JobFailure("accuracy", "error", str(error)) from error
        return match_voc(truths, detections, classes, integration)

    def describe(self, images: Sequence[LabelledImage], labelled: LabelledData) -> dict[str, Any]:
        files = [[str(image.file), number] for number, image in enumerate(images)]
        objects = [
            {"image_id": number, "category_id": int(kind), "bbox": [x1, y1, x2 - x1, y2 - y1]}
            for number, truth in enumerate(_truths(images, labelled))
            for (x1, y1, x2, y2), kind in zip(truth.boxes.tolist(), truth.classes, strict=True)
        ]
        return {"task": "detection", "images": files, "objects": objects}


METRIC: Metric = VocMap()


def _integration(map_type: Any) -> Integration:
    kinds = get_args(Integration)
    if map_type not in kinds:
        raise InputError(
            f"unknown map_type {map_type!r}",
            key="map_type",
            given=str(map_type),
            choices=kinds,
            hint="correct the config",
        )
    return cast("Integration", map_type)


def _labels(labelled: LabelledData) -> list[str]:
    return _read_labels(below(labelled.folder, labelled.scoring, "label_list"))


def _annotated(labelled: LabelledData) -> list[tuple[Path, Truth]]:
    """Each image file with its objects, in the order of the list."""
    return read_voc(*_places(labelled), _labels(labelled))


def _places(labelled: LabelledData) -> tuple[Path, Path]:
    """The list, and the folder that its paths are relative to."""
    if labelled.index is None:
        raise JobFailure("accuracy", "error", "the config names no annotations")
    root = below(labelled.folder, labelled.scoring, "image_dir") or labelled.folder
    return labelled.index, root


def _truths(images: Sequence[LabelledImage], labelled: LabelledData) -> list[Truth]:
    annotated = _annotated(labelled)
    return [annotated[int(str(image.truth))][1] for image in images]


def _read_labels(file: Path | None) -> list[str]:
    """The classes in order: the lines of the file, by default VOC's; raises InputError."""
    if file is None:
        return list(CLASSES)
    if not file.is_file() or file.stat().st_size > MAX_LABEL_BYTES:
        raise InputError(
            "not a list of labels",
            file=str(file),
            hint=f"give a text file of at most {MAX_LABEL_BYTES} bytes with a class on each line",
        )
    return [line.strip() for line in split_lines(file.read_text(encoding="utf-8"))]
