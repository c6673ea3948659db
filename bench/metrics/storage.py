"""Keeps per-image statistics in ``.npz`` files next to the results."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from bench.metrics.base import ImageStatistics
from bench.metrics.detection import INTERPOLATIONS, CategoryMatches, DetectionStatistics
from bench.metrics.segmentation import SegmentationStatistics
from compress.errors import InputError


def save_statistics(path: Path, statistics: ImageStatistics) -> None:
    """Writes the statistics as plain arrays."""
    if isinstance(statistics, SegmentationStatistics):
        np.savez_compressed(path, areas=statistics.areas)
    elif isinstance(statistics, DetectionStatistics):
        categories = statistics.categories
        np.savez_compressed(
            path,
            metric=np.array([statistics.metric, statistics.interpolation]),
            images=np.array(statistics.images),
            lengths=np.array([len(matches.image) for matches in categories]),
            image=np.concatenate([matches.image for matches in categories]),
            hit=np.concatenate([matches.hit for matches in categories], axis=1),
            counted=np.concatenate([matches.counted for matches in categories], axis=1),
            objects=np.stack([matches.objects for matches in categories]),
        )


def load_statistics(path: Path) -> ImageStatistics:
    """Reads what ``save_statistics`` wrote; raises InputError for anything else."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            if "areas" in stored:
                return SegmentationStatistics(stored["areas"])
            return _detection(dict(stored))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(
            f"per-image statistics cannot be read: {error}",
            file=str(path),
            hint="run the job again",
        ) from error


def _detection(stored: dict[str, np.ndarray]) -> DetectionStatistics:  # type: ignore[type-arg]
    cuts = np.cumsum(stored["lengths"])[:-1]
    parts = zip(
        np.split(stored["image"], cuts),
        np.split(stored["hit"], cuts, axis=1),
        np.split(stored["counted"], cuts, axis=1),
        stored["objects"],
        strict=True,
    )
    metric, named = (str(text) for text in stored["metric"])
    interpolation = INTERPOLATIONS[named]
    categories = tuple(CategoryMatches(*part) for part in parts)
    return DetectionStatistics(categories, int(stored["images"]), metric, interpolation)
