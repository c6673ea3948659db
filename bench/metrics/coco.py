"""COCO mean average precision, with the matching of pycocotools."""

from __future__ import annotations

from pathlib import Path

from bench.metrics.base import ImageStatistics, LabelledData, Metric
from bench.metrics.boxes import load_detections
from bench.metrics.detection import DetectionStatistics, match_detections
from compress.suites.dialect import Scoring
from core.errors import JobFailure


class CocoMap:
    """See ``bench.metrics.base.Metric``."""

    statistics: type[ImageStatistics] = DetectionStatistics

    def score(self, predictions: Path, labelled: LabelledData, scoring: Scoring) -> ImageStatistics:
        del scoring
        if labelled.index is None:
            raise JobFailure("accuracy", "error", "the config names no annotations")
        images, detections = load_detections(predictions)
        return match_detections(labelled.index, detections, sorted(images))


METRIC: Metric = CocoMap()
