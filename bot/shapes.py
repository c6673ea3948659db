"""Collects ranges of sizes for TensorRT on the extremes of a data set, or checks collected ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.shapes import (
    Resizing,
    ShapeRange,
    Size,
    extreme_sizes,
    image_range,
    load_image_sizes,
    parse_shape_ranges,
)
from bot.inspect import inspect_model
from bot.pipeline import scratch_folder
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import find_rule
from compress.doctor.text import parse_text
from compress.errors import InputError
from compress.finding import Finding
from compress.worker import Workplace, run_worker

TARGET = "gpu-trt-int8"
RULE = "SG401"
FREE = -1


@dataclass(frozen=True)
class ShapesReport:
    """``sizes``: the extremes of ``images`` images; ``findings``: those that the range lacks."""

    sizes: tuple[Size, ...]
    images: int
    range: ShapeRange
    findings: tuple[Finding, ...]


def wanted_sizes(
    images: Path | None, named: Sequence[str], resizing: Resizing
) -> tuple[tuple[Size, ...], int]:
    """The extreme sizes after preprocessing, and of how many; raises InputError for none."""
    read = load_image_sizes(images) if images is not None else ()
    every = [*map(resizing, read), *(parse_size(one, "--size") for one in named)]
    if not every:
        raise InputError("no sizes to look at", hint="give --images FOLDER, or --size 480x640")
    return extreme_sizes(every), len(every)


def parse_size(text: str, option: str) -> Size:
    """``480x640``: height and width; raises InputError."""
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(part.isdigit() and int(part) > 0 for part in parts):
        raise InputError(
            f"{text!r} is no size", key=option, hint=f"height by width in pixels: {option} 480x640"
        )
    return int(parts[0]), int(parts[1])


def collect_shapes(
    model: Path, sizes: tuple[Size, ...], images: int, batch: int, out: Path, timeout_s: float
) -> ShapesReport:
    """Runs the model on each size and writes the file; the old one stays if that fails. Raises
    InputError if the model takes one size only, JobFailure if it does not run.
    """
    feeds = _free_feeds(model)
    with scratch_folder() as scratch:
        made = scratch / "shapes.pbtxt"
        request: dict[str, Any] = {
            "model": str(model.resolve()),
            "sizes": sizes,
            "batch": batch,
            "out": str(made),
        }
        place = Workplace(scratch)
        run_worker("bench.workers.shapes", "shapes", request, workplace=place, timeout_s=timeout_s)
        text = made.read_text()
    report = _report(text, str(out), feeds, sizes, images)
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    partial.write_text(text)
    os.replace(partial, out)
    return report


def check_shapes(model: Path, sizes: tuple[Size, ...], images: int, file: Path) -> ShapesReport:
    """What a collected file lacks of these sizes; raises InputError for a file that is none."""
    feeds = _free_feeds(model)
    if not file.is_file():
        raise InputError("no such file", file=str(file), hint="collect one with --out")
    return _report(file.read_text(errors="replace"), str(file), feeds, sizes, images)


def _report(
    text: str, file: str, feeds: list[str], sizes: tuple[Size, ...], images: int
) -> ShapesReport:
    collected = image_range(parse_shape_ranges(text, file), feeds, file)
    subject = Subject(
        parse_text("{}\n", file),
        target=TargetFacts(TARGET, shape_range=collected.sizes),
        data=DataFacts(dynamic_shape=True, image_sizes=sizes),
    )
    rule = find_rule(RULE)
    assert rule is not None
    return ShapesReport(sizes, images, collected, tuple(diagnose(subject, (rule,))))


def _free_feeds(model: Path) -> list[str]:
    """Names of the inputs that take images of any size."""
    feeds: dict[str, list[int]] = inspect_model(model)["feeds"]
    free = [name for name, shape in feeds.items() if len(shape) == 4 and FREE in shape[2:]]
    if not free:
        shapes = ", ".join(f"{name} {shape}" for name, shape in feeds.items())
        raise InputError(
            f"this model takes one size of images only ({shapes}): it needs no range",
            file=str(model),
            hint="run it without dynamic shape, or export it with dynamic_shape: true",
        )
    return free
