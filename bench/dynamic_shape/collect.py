"""Collects ranges of sizes for TensorRT on the extremes of a data set, or checks collected ones."""

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
from compress.artifacts.inspection import inspect_model
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import find_rule
from compress.doctor.text import parse_text
from compress.worker.start import Workplace, run_worker
from core.errors import InputError
from core.finding import Finding
from core.private_folder import scratch_folder
from core.schema import write_text

TARGET = "gpu-trt-int8"
RULE = "SG401"
FREE = -1
SIZE = re.compile(r"([1-9]\d*)x([1-9]\d*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Sizes:
    """``extremes`` of ``total`` sizes; ``unreadable`` counts images that could not be read."""

    extremes: tuple[Size, ...]
    total: int
    unreadable: int = 0


@dataclass(frozen=True)
class ShapesReport:
    """``range`` of the image input; ``findings``: the sizes that it lacks."""

    sizes: Sizes
    range: ShapeRange
    findings: tuple[Finding, ...]


def wanted_sizes(images: Path | None, named: Sequence[str], resizing: Resizing) -> Sizes:
    """The extreme sizes after preprocessing; raises InputError if none is given."""
    read, unreadable = load_image_sizes(images) if images is not None else ((), 0)
    every = [*map(resizing, read), *(parse_size(one, "--size") for one in named)]
    if not every:
        raise InputError("no sizes to look at", hint="give --images FOLDER, or --size 480x640")
    return Sizes(extreme_sizes(every), len(every), unreadable)


def parse_size(text: str, option: str) -> Size:
    """``480x640``: height and width; raises InputError."""
    match = SIZE.fullmatch(text)
    if match is None:
        raise InputError(
            f"{text!r} is no size", key=option, hint=f"two numbers of pixels: {option} 480x640"
        )
    return int(match[1]), int(match[2])


def collect_shapes(
    model: Path, sizes: Sizes, batch: int, out: Path, timeout_s: float
) -> ShapesReport:
    """Runs the model on each size and writes the file; the old one stays if that fails. Raises
    InputError if the model takes one size only, JobFailure if it does not run.
    """
    if out.is_dir():
        raise InputError("a folder, not a file", file=str(out), hint="name the file to write")
    feeds = _free_feeds(model)
    with scratch_folder() as scratch:
        made = scratch / "shapes.pbtxt"
        request = ShapesRequest(model=model.resolve(), sizes=sizes.extremes, batch=batch, out=made)
        run_worker(
            "bench.in_worker.collect_shapes",
            "shapes",
            request,
            Collected,
            workplace=Workplace(scratch),
            timeout_s=timeout_s,
        )
        text = made.read_text()
    report = _report(text, str(out), feeds, sizes)
    write_text(out, text)
    return report


def check_shapes(model: Path, sizes: Sizes, file: Path) -> ShapesReport:
    """What a collected file lacks of these sizes; raises InputError for a file that is none."""
    feeds = _free_feeds(model)
    if not file.is_file():
        raise InputError("no such file", file=str(file), hint="collect one with --out")
    return _report(file.read_text(errors="replace"), str(file), feeds, sizes)


def describe(report: ShapesReport) -> Iterator[str]:
    """Lines for people."""
    sizes = report.sizes
    least, greatest = ("x".join(map(str, size)) for size in report.range.sizes)
    batches = f"batches of {report.range.least[0]} to {report.range.greatest[0]}"
    yield f"{sizes.total} sizes, extremes: {', '.join(f'{h}x{w}' for h, w in sizes.extremes)}"
    if sizes.unreadable:
        yield f"{sizes.unreadable} images could not be read"
    yield f"range: {least} to {greatest}, {batches}"
    yield from (f"{one.severity} {one.code}: {one.message}" for one in report.findings)


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


def _free_feeds(model: Path) -> list[str]:
    """Names of the inputs that take images of any size."""
    feeds = inspect_model(model).feeds
    free = [name for name, shape in feeds.items() if len(shape) == 4 and FREE in shape[2:]]
    if not free:
        shapes = ", ".join(f"{name} {shape}" for name, shape in feeds.items())
        raise InputError(
            f"this model takes one size of images only ({shapes}): it needs no range",
            file=str(model),
            hint="run it without dynamic shape, or export it with dynamic_shape: true",
        )
    return free
