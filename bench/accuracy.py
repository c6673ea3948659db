"""Measures accuracy on the deployed runtime, through the store: same inputs, same answer."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.fingerprint import cpu_flags
from bench.metrics.base import ImageStatistics
from bench.metrics.detection import match_detections
from bench.metrics.segmentation import SegmentationStatistics
from bench.metrics.storage import load_statistics, save_statistics
from bench.metrics.voc import CLASSES, match_voc, read_voc
from bench.result import Accuracy
from bench.stats import score
from bench.timing import TimedModel
from compress.artifacts import Artifact, Workshop, part_of
from compress.canonical import content_hash
from compress.errors import JobFailure
from compress.sandbox.access import Access
from compress.source import SuiteSource, fingerprint_data
from compress.suites.base import Document
from compress.versions import code_version, library_versions, reading_versions
from compress.worker import run_worker

STATISTICS = "statistics.npz"
MAX_INDEX_BYTES, MAX_DETECTIONS_BYTES, MAX_ARRAY_BYTES = 2**23, 2**27, 2**30


@dataclass(frozen=True)
class ValidationData:
    """A validation set on this machine: its folder, and its list or annotation file."""

    folder: Path
    index: Path | None


def measure_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    model: TimedModel,
    artifact: Artifact,
    data_config: Document,
    validation: ValidationData,
    limit: int | None,
) -> Accuracy:
    """Runs the model over the validation set (at most ``limit`` images); raises JobFailure."""
    options = model.options(workshop.threads)
    key = _key(
        model=artifact.content_hash,
        options={name: value for name, value in options.items() if name != "threads"},
        config=part_of(data_config, source.dialect, ("graph", "evaluation")),
        data=fingerprint_data(validation.folder),
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
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access((*source.places, model.folder), (folder,)),
        )
        statistics = _score_predictions(folder, source, data_config, validation)
        save_statistics(folder / STATISTICS, statistics)

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


def _score_predictions(
    folder: Path, source: SuiteSource, data_config: Document, validation: ValidationData
) -> ImageStatistics:
    """Statistics from what the worker left, which is not trusted; boxes are matched here, with the
    annotations that the config names. Raises JobFailure if it is too large.
    """
    index = _load_json(folder / "index.json", MAX_INDEX_BYTES)
    if source.dialect != "paddledet":
        for name in ("areas.npz", "predictions.npz"):
            _require_unpacked_size(folder / name, MAX_ARRAY_BYTES)
        with np.load(folder / "areas.npz", allow_pickle=False) as stored:
            return SegmentationStatistics(stored["areas"])
    results = _load_json(folder / "detections.json", MAX_DETECTIONS_BYTES)
    if validation.index is None:
        raise JobFailure("accuracy", "error", "the config names no annotations")
    if data_config.get("metric") == "VOC":
        return _score_voc(data_config, validation, index["images"], results)
    image_ids = sorted(image_id for _, image_id in index["images"])
    return match_detections(validation.index, results, image_ids)


def _score_voc(
    data_config: Document,
    validation: ValidationData,
    images: list[tuple[str, int]],
    results: list[dict[str, Any]],
) -> ImageStatistics:
    """With the annotations of the images that the worker has looked at, (file, number) each."""
    assert validation.index is not None
    dataset = data_config["EvalDataset"]
    labels = list(CLASSES)
    if dataset.get("label_list"):
        text = (validation.folder / dataset["label_list"]).read_text(encoding="utf-8")
        labels = [line.strip() for line in text.splitlines()]
    known = read_voc(validation.index, validation.folder / (dataset.get("image_dir") or ""), labels)
    if missing := [file for file, _ in images if Path(file) not in known]:
        raise JobFailure("accuracy", "error", f"no annotation belongs to {missing[0]}")
    found: dict[int, list[dict[str, Any]]] = {number: [] for _, number in images}
    for one in results:
        if one["image_id"] in found:
            found[one["image_id"]].append(one)
    truths = [known[Path(file)] for file, _ in images]
    boxes = [found[number] for _, number in images]
    return match_voc(truths, boxes, len(labels), data_config.get("map_type") or "11point")


def _load_json(file: Path, limit: int) -> Any:
    _require_size(file.name, file.stat().st_size, limit)
    return json.loads(file.read_text())


def _require_unpacked_size(file: Path, limit: int) -> None:
    _require_size(file.name, file.stat().st_size, limit)
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    _require_size(file.name, unpacked, limit)


def _require_size(name: str, size_bytes: int, limit: int) -> None:
    if size_bytes > limit:
        raise JobFailure("accuracy", "limit", f"{name} is larger than {limit >> 20} MiB")
