"""VOC mean average precision at an overlap of one half: at 11 points, or the integral."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast, get_args

from bench.metrics.base import ImageStatistics, LabelledData, Metric
from bench.metrics.boxes import Detection, load_detections
from bench.metrics.detection import DetectionStatistics
from bench.metrics.voc_matching import CLASSES, Integration, match_voc, read_voc
from compress.suites.dialect import Scoring
from core.errors import InputError, JobFailure
from core.lines import split_lines

MAX_LABEL_BYTES = 2**20


class VocMap:
    """See ``bench.metrics.base.Metric``. Settings: ``map_type``, ``image_dir``, ``label_list``."""

    statistics: type[ImageStatistics] = DetectionStatistics

    def score(self, predictions: Path, labelled: LabelledData, scoring: Scoring) -> ImageStatistics:
        if labelled.index is None:
            raise JobFailure("accuracy", "error", "the config names no annotations")
        images, detections = load_detections(predictions)
        integration = _integration(scoring.settings.get("map_type") or "11point")
        root = _below(labelled.folder, scoring, "image_dir")
        labels = _read_labels(_below(labelled.folder, scoring, "label_list"))
        annotated = read_voc(labelled.index, root or labelled.folder, labels)
        if missing := [file for file in images.values() if file not in annotated]:
            raise JobFailure("accuracy", "error", f"no annotation belongs to {missing[0]}")
        by_image: dict[int, list[Detection]] = {number: [] for number in images}
        for detection in detections:
            if detection["image_id"] in by_image:
                by_image[detection["image_id"]].append(detection)
        truths = [annotated[file] for file in images.values()]
        return match_voc(truths, list(by_image.values()), len(labels), integration)


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


def _below(folder: Path, scoring: Scoring, key: str) -> Path | None:
    """A path that the config gives within the data set, None if it gives none; raises InputError
    for a path outside.
    """
    setting = scoring.settings.get(key)
    if not setting:
        return None
    relative = Path(os.path.normpath(str(setting)))
    if relative.is_absolute() or relative.parts[:1] == (os.pardir,):
        raise InputError(
            f"the path {str(setting)!r} lies outside the data set",
            key=f"{scoring.section}.{key}",
            given=str(setting),
            hint="give a path below the data set's folder",
        )
    return folder / relative


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
