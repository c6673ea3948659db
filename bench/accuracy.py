"""Measures accuracy on the deployed runtime, through the store: same inputs, same answer."""

from __future__ import annotations

from pathlib import Path

from bench.fingerprint import cpu_flags
from bench.metrics.storage import load_statistics, save_statistics
from bench.predictions import LabelledData, score_predictions
from bench.result import Accuracy
from bench.stats import score
from bench.timing import TimedModel
from compress.artifacts import Artifact, Workshop, part_of
from compress.canonical import content_hash
from compress.sandbox.access import Access
from compress.source import SuiteSource, fingerprint_data
from compress.store import hash_file
from compress.suites.base import Document, Impact, Split
from compress.versions import code_version, library_versions, reading_versions
from compress.worker import run_worker

STATISTICS = "statistics.npz"
READ_FOR: dict[Split, tuple[Impact, ...]] = {
    "evaluation": ("graph", "evaluation"),
    "training": ("graph", "evaluation", "compression"),
}
"""The parts of a config that the accuracy on a split depends on."""


def measure_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    model: TimedModel,
    artifact: Artifact,
    data_config: Document,
    labelled: LabelledData,
    limit: int | None,
) -> Accuracy:
    """Runs the model over the images (at most ``limit`` of them); raises JobFailure."""
    options = model.options(workshop.threads)
    key = _key(
        model=artifact.content_hash,
        options={name: value for name, value in options.items() if name != "threads"},
        config=part_of(data_config, source.dialect, READ_FOR[labelled.split]),
        split=labelled.split,
        data=fingerprint_data(labelled.folder),
        labels=hash_file(labelled.index) if labelled.index else "",
        limit=limit,
        suite_code=source.code_id,
    )
    request = {
        "model": str(model.folder),
        "options": options,
        "resolved": data_config,
        "split": labelled.split,
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
        statistics = score_predictions(folder, source.dialect, data_config, labelled)
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
