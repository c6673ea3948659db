"""Measures accuracy on the deployed runtime; the store keeps it for equal inputs.

A worker predicts, and sees images only; scores are made here, from labels that it never sees. So a
worker that lies about its predictions can only lose.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from bench.deployment import Deployment
from bench.fingerprint import cpu_flags
from bench.metrics import find_metric
from bench.metrics.base import LabelledData, LabelledImage
from bench.metrics.storage import load_statistics, save_statistics
from bench.openvino_form import in_its_form
from bench.requests import PREDICTIONS, AccuracyRequest, Predicted
from bench.result import Accuracy
from bench.shown import without_truth
from bench.stats import score
from compress.runtimes.runtime import Runtime
from compress.sandbox.access import Access, present
from compress.source import SuiteSource, fingerprint_data, fingerprint_files
from compress.suites import find_dialect
from compress.suites.dialect import Document, Impact, Split
from compress.suites.driver import spread
from compress.suites.impact import view
from compress.versions import library_versions, reading_versions
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash as hash_of
from core.errors import InputError, JobFailure, shown
from core.installation import code_version
from core.store import hash_file

STATISTICS, INDEX = "statistics.npz", "index.json"
EXCLUSIONS = {"training": ": the evaluation set contains every training image"}
KINDS = ("image", "label map")
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
    images = choose_images(labelled, limit)
    require_within(images, (labelled.folder, *source.data_places), labelled)
    key = _key(
        workshop.runtime,
        model=content_hash,
        options={
            "target": model.target.name,
            "calls": [call.model_dump() for call in model.configured(threads=1).calls],
            "shape_ranges": hash_file(model.shape_ranges) if model.shape_ranges else None,
        },
        config=read,
        split=labelled.split,
        data=_data_key(labelled),
        scored=fingerprint_files(file for image in images for file in _files(image)),
        without=_data_key(labelled.without) if labelled.without else None,
        limit=limit,
        suite_code=source.code_id,
    )

    def make(folder: Path) -> None:
        runnable = in_its_form(model, workshop)
        metric = find_metric(labelled.scoring.metric)
        predictions = folder / PREDICTIONS
        predictions.mkdir()
        with without_truth(images, workshop.scratch) as visible:
            request = AccuracyRequest(
                suite=source.without_data().request(),
                engine=runnable.configured(workshop.threads),
                resolved=read,
                images=visible.images,
                out=predictions,
            )
            reads = (*present(source.code), *runnable.places, *visible.folders)
            _predict(workshop, request, reads, gpu=model.on_gpu)
        statistics = metric.score(predictions, images, labelled)
        save_statistics(folder / STATISTICS, statistics)
        index = json.dumps(metric.describe(images, labelled))
        (folder / INDEX).write_text(index)

    folder, cached = workshop.store.build(key, make)
    return _scored(folder / STATISTICS, cached)


def require_within(
    images: Sequence[LabelledImage], folders: Sequence[Path], labelled: LabelledData
) -> None:
    """Raises InputError for an image or a label map outside of the data: what a list of images
    names is read, and such a list may be part of a change. A path without ``..`` that begins in the
    data stays in it, or follows a link in it.
    """
    named = (zip(KINDS, _files(image), strict=False) for image in images)
    for kind, file in chain.from_iterable(named):
        plain = () if os.pardir in file.parts else (file,)
        paths = (*plain, file.resolve())
        if not any(path.is_relative_to(folder) for path in paths for folder in folders):
            raise InputError(
                f"the {kind} {shown(str(file))} lies outside of the data",
                file=str(labelled.index or labelled.folder),
                hint="name images below the folder of the data set",
            )


def _files(image: LabelledImage) -> tuple[Path, ...]:
    """The image, and the file of its labels if it has one of its own."""
    return (image.file, image.truth) if isinstance(image.truth, Path) else (image.file,)


def _data_key(labelled: LabelledData) -> tuple[str, str]:
    index = labelled.index
    return fingerprint_data(labelled.folder), hash_file(index) if index else ""


def choose_images(labelled: LabelledData, limit: int | None) -> tuple[LabelledImage, ...]:
    """At most ``limit`` images (None: all), spread evenly over those that count. Raises InputError,
    and JobFailure if there is none.
    """
    images = find_metric(labelled.scoring.metric).images(labelled)
    if labelled.without is not None:
        judged = {image.file.resolve() for image in choose_images(labelled.without, None)}
        images = tuple(image for image in images if image.file.resolve() not in judged)
    if not images:
        reason = f"the {labelled.split} split has no labelled image"
        raise JobFailure("accuracy", "error", reason + EXCLUSIONS.get(labelled.split, ""))
    return tuple(images[index] for index in spread(len(images), limit))


def _predict(
    workshop: Workshop, request: AccuracyRequest, reads: tuple[Path, ...], *, gpu: bool
) -> None:
    """Writes the model's output for every image into the request's folder, in a worker."""
    run_worker(
        "bench.in_worker.accuracy",
        "accuracy",
        request,
        Predicted,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(reads, (request.out,), gpu=gpu),
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


def _key(runtime: Runtime, **inputs: object) -> str:
    """The store's key: the inputs, and whatever else an accuracy depends on."""
    return hash_of(
        {
            "kind": "accuracy",
            **inputs,
            "libraries": {**library_versions(runtime), **reading_versions(runtime)},
            "variables": dict(runtime.environment),
            "flags": cpu_flags(),  # int8 kernels differ in rounding and saturation
            "tool": code_version("core", "compress", "bench"),
        }
    )
