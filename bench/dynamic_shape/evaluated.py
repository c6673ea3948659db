"""Ranges of shapes for engines that are built for them, collected on the validation images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.accuracy import READ_FOR, choose_images, require_within
from bench.deployment import Deployment
from bench.dynamic_shape.image_sizes import read_sizes
from bench.dynamic_shape.ranges import Size, extreme_sizes
from bench.make import Blueprint
from bench.metrics.base import LabelledImage
from bench.requests import Collected, DataShapesRequest, ShapesRequest
from bench.shown import without_truth
from compress.artifacts.artifact import Artifact, model_places
from compress.artifacts.build import circumstances
from compress.sandbox.access import Access, present
from compress.source import fingerprint_files
from compress.suites import find_dialect
from compress.suites.impact import view
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.installation import code_version

RANGES = "shapes.pbtxt"
SPREAD = 10
"""Images taken evenly by their proportions, beside those of extreme sizes: scaling in proportion
makes the largest area of an image whose proportions lie in between.
"""


def with_shape_ranges(blueprint: Blueprint, artifact: Artifact, workshop: Workshop) -> Deployment:
    """The model on its target, with the ranges of all shapes if its engine is built for them: those
    of the validation images, or of the measured size alone if there are none. Raises JobFailure.
    """
    model = blueprint.deploy(artifact)
    if not (blueprint.export.dynamic_shape and model.target.engine.builds_for_shapes):
        return model
    workshop = workshop.for_source(blueprint.source)
    images = chosen_images(blueprint)
    dialect = find_dialect(blueprint.source.dialect)
    read = view(blueprint.data_config, dialect, READ_FOR["evaluation"])
    key = content_hash(
        {
            "kind": "shape ranges",
            "model": artifact.content_hash,
            "shape": model.shape,
            "config": read,
            "images": fingerprint_files(image.file for image in images),
            **circumstances(blueprint.source, workshop.runtime),
            "tool": code_version("core", "compress", "bench"),
        }
    )

    def make(folder: Path) -> None:
        out = folder / RANGES
        if not images:
            size: Size = (model.shape[2], model.shape[3])
            request = ShapesRequest(
                model=model.folder, sizes=(size,), batch=model.shape[0], out=out
            )
            _collect("bench.in_worker.collect_shapes", request, (), workshop)
            return
        with without_truth(images, workshop.scratch) as visible:
            asked = DataShapesRequest(
                suite=blueprint.source.without_data().request(),
                model=model.folder,
                resolved=read,
                images=visible.images,
                out=out,
            )
            reads = (*present(blueprint.source.code), *visible.folders)
            _collect("bench.in_worker.collect_data_shapes", asked, reads, workshop)

    folder, _ = workshop.store.build(key, make)
    return replace(model, shape_ranges=folder / RANGES)


def chosen_images(blueprint: Blueprint) -> tuple[LabelledImage, ...]:
    """The validation images whose sizes span those of all: of extreme height, width and area, and
    some of every proportion.
    """
    labelled = blueprint.validation
    if labelled is None:
        return ()
    images = choose_images(labelled, None)
    require_within(images, (labelled.folder, *blueprint.source.data_places), labelled)
    by_size: dict[Size, LabelledImage] = {}
    for image, size in zip(images, read_sizes([i.file for i in images]), strict=True):
        if size is not None:
            by_size.setdefault(size, image)
    return tuple(by_size[size] for size in spanning_sizes(tuple(by_size)))


def spanning_sizes(sizes: Sequence[Size]) -> tuple[Size, ...]:
    """The extreme sizes, and ``SPREAD`` of all from the tallest proportions to the widest."""
    ordered = sorted(sizes, key=lambda size: (size[1] / size[0], size))
    steps = max(1, SPREAD - 1)
    taken = [ordered[(len(ordered) - 1) * n // steps] for n in range(SPREAD)] if ordered else []
    return tuple(dict.fromkeys((*extreme_sizes(sizes), *taken)))


def _collect(
    module: str,
    request: ShapesRequest | DataShapesRequest,
    reads: Sequence[Path],
    workshop: Workshop,
) -> None:
    access = Access((*model_places(request.model), *reads), (request.out.parent,))
    run_worker(
        module,
        "shapes",
        request,
        Collected,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=access,
    )
