"""Measures accuracy on the deployed runtime; the store keeps it for equal inputs."""

from __future__ import annotations

from pathlib import Path

from bench.deployment import Deployment
from bench.fingerprint import cpu_flags
from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from bench.metrics.storage import load_statistics, save_statistics
from bench.requests import AccuracyRequest, Predicted
from bench.result import Accuracy
from bench.stats import score
from compress.sandbox.access import Access
from compress.source import SuiteSource, fingerprint_data
from compress.suites import find_dialect
from compress.suites.dialect import Document, Impact, Split
from compress.suites.impact import view
from compress.versions import library_versions, reading_versions
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash as hash_of
from core.installation import code_version
from core.store import hash_file

STATISTICS = "statistics.npz"
READ_FOR: dict[Split, tuple[Impact, ...]] = {
    "evaluation": ("graph", "evaluation"),
    "training": ("graph", "evaluation", "compression"),
}
"""By split, the impacts of the config's keys that its accuracy depends on."""


def measure_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    model: Deployment,
    content_hash: str,
    data_config: Document,
    labelled: LabelledData,
    limit: int | None,
) -> Accuracy:
    """Runs the model over at most ``limit`` images (None: all); ``content_hash`` is the model's.

    Raises JobFailure, or InputError for annotations that cannot be read.
    """
    dialect = find_dialect(source.dialect)
    read = view(data_config, dialect, READ_FOR[labelled.split])
    key = _key(
        model=content_hash,
        options={
            "target": model.target.name,
            "op_types": model.op_types,
            "left_out": model.left_out,
        },
        config=read,
        split=labelled.split,
        data=fingerprint_data(labelled.folder),
        labels=hash_file(labelled.index) if labelled.index else "",
        limit=limit,
        suite_code=source.code_id,
    )
    scoring = dialect.scoring(read, labelled.split)

    def make(folder: Path) -> None:
        request = AccuracyRequest(
            suite=source.request(),
            engine=model.configured(workshop.threads),
            resolved=read,
            split=labelled.split,
            limit=limit,
            out=folder,
        )
        _predict(workshop, request, (*source.places, model.folder))
        statistics = find_metric(scoring.metric).score(folder, labelled, scoring)
        save_statistics(folder / STATISTICS, statistics)

    folder, cached = workshop.store.build(key, make)
    return _scored(folder / STATISTICS, cached)


def _predict(workshop: Workshop, request: AccuracyRequest, reads: tuple[Path, ...]) -> None:
    """Writes the model's output for every image into the request's folder, in a worker."""
    run_worker(
        "bench.in_worker.accuracy",
        "accuracy",
        request,
        Predicted,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(reads, (request.out,)),
    )


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
    """The store's key: the inputs, and whatever else an accuracy depends on."""
    return hash_of(
        {
            "kind": "accuracy",
            **inputs,
            "libraries": {**library_versions(), **reading_versions()},
            "flags": cpu_flags(),  # int8 kernels differ in rounding and saturation
            "tool": code_version("core", "compress", "bench"),
        }
    )
