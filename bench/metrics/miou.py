"""Mean intersection over union, from the areas that an accuracy worker counts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from bench.metrics.base import ImageStatistics, LabelledData, Metric
from bench.metrics.limits import MAX_ARRAY_BYTES, require_unpacked_size
from bench.metrics.segmentation import SegmentationStatistics
from compress.suites.dialect import Scoring
from core.errors import JobFailure


class MeanIou:
    """See ``bench.metrics.base.Metric``."""

    statistics: type[ImageStatistics] = SegmentationStatistics

    def score(self, predictions: Path, labelled: LabelledData, scoring: Scoring) -> ImageStatistics:
        del labelled, scoring
        try:
            for name in ("areas.npz", "predictions.npz"):
                require_unpacked_size(predictions / name, MAX_ARRAY_BYTES)
            with np.load(predictions / "areas.npz", allow_pickle=False) as stored:
                return SegmentationStatistics(stored["areas"])
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise JobFailure("accuracy", "error", f"malformed predictions: {error!r}") from error


METRIC: Metric = MeanIou()
