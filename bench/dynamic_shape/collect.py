"""Collects ranges of sizes for TensorRT on a data set's extremes, or checks a collected file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.dynamic_shape.image_sizes import load_image_sizes
from bench.dynamic_shape.ranges import (
    Resizing,
    ShapeRange,
    Size,
    extreme_sizes,
    image_range,
    parse_shape_ranges,
)
from bench.requests import Collected, ShapesRequest
from compress.artifacts.artifact import model_places
from compress.artifacts.inspection import inspect_model
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import find_rule
from compress.doctor.text import parse_text
from compress.sandbox.access import Access
from compress.worker.start import Workplace, run_worker
from compress.workshop import Workshop
from core.errors import InputError
from core.files import is_file, is_folder, read_file
from core.finding import Finding
from core.private_folder import private_folder
from core.schema import write_text

TARGET = "gpu-trt-int8"
RULE = "SG401"
FREE = -1
MAX_BYTES = 2**24
"""Of a file of collected shapes; those of large models have some hundred kilobytes."""
SIZE = re.compile(r"([1-9]\d*)x([1-9]\d*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Sizes:
    """``extremes``: the extremes among ``total`` sizes; ``unreadable``: number of images that could
    not be read.
    """

    extremes: tuple[Size, ...]
    total: int
    unreadable: int = 0


@dataclass(frozen=True)
class ShapesReport:
    """``range``: of the image input; ``findings``: the sizes that it does not cover."""

    sizes: Sizes
    range: ShapeRange
    findings: tuple[Finding, ...]


def wanted_sizes(images: Path | None, texts: Sequence[str], resizing: Resizing) -> Sizes:
    """The extremes of the images' sizes after preprocessing and of the sizes ``480x640`` in
    ``texts``; raises InputError if there are none.
    """
    own, unreadable = load_image_sizes(images) if images is not None else ((), 0)
    sizes = [*map(resizing, own), *(parse_size(text, "--size") for text in texts)]
    if not sizes:
        raise InputError("no sizes to check", hint="give --images FOLDER, or --size 480x640")
    return Sizes(extreme_sizes(sizes), len(sizes), unreadable)


def parse_size(text: str, option: str) -> Size:
    """``480x640``: height and width; raises InputError."""
    match = SIZE.fullmatch(text)
    if match is None:
        raise InputError(
            f"not a size: {text!r}",
            key=option,
            hint=f"give height and width in pixels: {option} 480x640",
        )
    return int(match[1]), int(match[2])


def collect_shapes(
    model: Path, sizes: Sizes, batch: int, out: Path, workshop: Workshop
) -> ShapesReport:
    """Runs the model on each size and writes the file ``out``, whose old content stays if that
    fails. Raises InputError if the model takes only one size, JobFailure if it does not run.
    """
    if is_folder(out):
        raise InputError("a folder, not a file", file=str(out), hint="name the file to write")
    feeds = _free_feeds(model, workshop.workplace)
    with private_folder(workshop.scratch, "shapes-") as folder:
        file = folder / "shapes.pbtxt"
        request = ShapesRequest(model=model.resolve(), sizes=sizes.extremes, batch=batch, out=file)
        run_worker(
            "bench.in_worker.collect_shapes",
            "shapes",
            request,
            Collected,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(model_places(model), (folder,)),
        )
        text = read_file(file, MAX_BYTES).decode(errors="replace")
    report = _report(text, str(out), feeds, sizes)
    write_text(out, text)
    return report


def check_shapes(model: Path, sizes: Sizes, file: Path, workplace: Workplace) -> ShapesReport:
    """Checks whether a collected file covers the sizes; raises InputError for any other file."""
    feeds = _free_feeds(model, workplace)
    if not is_file(file):
        raise InputError("no such file", file=str(file), hint="collect one with --out")
    return _report(file.read_text(errors="replace"), str(file), feeds, sizes)


def describe(report: ShapesReport) -> Iterator[str]:
    """The report as lines of text."""
    sizes = report.sizes
    least, greatest = ("x".join(map(str, size)) for size in report.range.sizes)
    batches = f"batches of {report.range.least[0]} to {report.range.greatest[0]}"
    yield f"{sizes.total} sizes, extremes: {', '.join(f'{h}x{w}' for h, w in sizes.extremes)}"
    if sizes.unreadable:
        yield f"{sizes.unreadable} images could not be read"
    yield f"range: {least} to {greatest}, {batches}"
    for finding in report.findings:
        yield f"{finding.severity} {finding.code}: {finding.message}"


def _report(text: str, file: str, feeds: list[str], sizes: Sizes) -> ShapesReport:
    collected = image_range(parse_shape_ranges(text, file), feeds, file)
    subject = Subject(
        parse_text("{}\n", file),
        target=TargetFacts(TARGET, shape_range=collected.sizes),
        data=DataFacts(dynamic_shape=True, image_sizes=sizes.extremes),
    )
    rule = find_rule(RULE)
    assert rule is not None
    return ShapesReport(sizes, collected, tuple(diagnose(subject, (rule,))))


def _free_feeds(model: Path, workplace: Workplace) -> list[str]:
    """Names of the inputs that take images of any size; raises InputError if there are none."""
    feeds = inspect_model(model, workplace).feeds
    free = [name for name, shape in feeds.items() if len(shape) == 4 and FREE in shape[2:]]
    if not free:
        shapes = ", ".join(f"{name} {shape}" for name, shape in feeds.items())
        raise InputError(
            f"this model takes images of one size only ({shapes}) and needs no range",
            file=str(model),
            hint="run it without dynamic shapes, or export it with dynamic_shape: true",
        )
    return free
