"""Measures accuracy on the deployed runtime, through the store: same inputs, same answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bench.fingerprint import cpu_flags
from bench.metrics.base import ImageStatistics
from bench.metrics.detection import match_detections
from bench.metrics.segmentation import SegmentationStatistics
from bench.metrics.storage import load_statistics, save_statistics
from bench.result import Accuracy
from bench.stats import score
from bench.timing import TimedModel
from compress.artifacts import Artifact, Workshop, part_of
from compress.canonical import content_hash
from compress.source import SuiteSource, fingerprint_data
from compress.suites.base import Document
from compress.versions import code_version, library_versions, reading_versions
from compress.worker import run_worker

STATISTICS = "statistics.npz"


def measure_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    model: TimedModel,
    artifact: Artifact,
    data_config: Document,
    data: Path,
    limit: int | None,
) -> Accuracy:
    """Runs the model over the validation set (at most ``limit`` images); raises JobFailure."""
    options = model.options(workshop.threads)
    key = _key(
        model=artifact.content_hash,
        options={name: value for name, value in options.items() if name != "threads"},
        config=part_of(data_config, source.dialect, ("graph", "evaluation")),
        data=fingerprint_data(data),
        limit=limit,
        suite_code=source.code_id,
    )
    request = {
        "model": str(model.folder),
        "options": options,
        "resolved": data_config,
        "limit": limit,
        "suite": source.request(),
    }

    def make(folder: Path) -> None:
        run_worker(
            "bench.workers.accuracy",
            "accuracy",
            {**request, "out": str(folder)},
            scratch=workshop.scratch,
            timeout_s=workshop.stage_timeout_s,
            environment=workshop.environment,
        )
        save_statistics(folder / STATISTICS, _score_predictions(folder))

    folder, cached = workshop.store.build(key, make)
    return _scored(folder / STATISTICS, cached)


def _scored(file: Path, cached: bool) -> Accuracy:
    statistics = load_statistics(file)
    return Accuracy(
        metric=statistics.metric,
        value=score(statistics),
        images=statistics.images,
        chance=statistics.chance(),
        statistics=str(file),
        cached=cached,
    )


def _key(**inputs: object) -> str:
    """The store's key: the inputs, and all else that an accuracy depends on."""
    return content_hash(
        {
            "kind": "accuracy",
            **inputs,
            "libraries": {**library_versions(), **reading_versions()},
            "flags": cpu_flags(),  # int8 kernels differ in rounding and saturation
            "tool": [code_version("bench"), code_version("compress")],
        }
    )


def _score_predictions(folder: Path) -> ImageStatistics:
    """Statistics from what the worker left: boxes are matched here, not there."""
    index = json.loads((folder / "index.json").read_text())
    if index["task"] == "segmentation":
        with np.load(folder / "areas.npz", allow_pickle=False) as stored:
            return SegmentationStatistics(stored["areas"])
    results = json.loads((folder / "detections.json").read_text())
    image_ids = sorted(image_id for _, image_id in index["images"])
    return match_detections(Path(index["annotations"]), results, image_ids)
