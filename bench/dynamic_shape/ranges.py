"""Ranges for TensorRT's dynamic shapes: the sizes to collect them on, and their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import InputError

Size = tuple[int, int]
"""Height and width in pixels."""

IMAGE_RANK = 4
ENTRY = re.compile(r"shape_range_info\s*\{([^{}]*)\}")
NAME = re.compile(r'name:\s*"([^"]*)"')
BOUND = re.compile(r"(min|max)_shape:\s*([0-9]{1,18})(?![0-9])")
"""The length of an axis, a 64-bit number."""


@dataclass(frozen=True)
class ShapeRange:
    """The least and the greatest shape of a tensor, axis by axis."""

    least: tuple[int, ...]
    greatest: tuple[int, ...]

    @property
    def sizes(self) -> tuple[Size, Size]:
        """Least and greatest height and width of an image tensor (N, C, H, W)."""
        return (self.least[-2], self.least[-1]), (self.greatest[-2], self.greatest[-1])


@dataclass(frozen=True)
class Resizing:
    """How preprocessing changes a size. ``sides``: limits of the shorter and of the longer side, up
    to which the image is scaled in proportion (None: not scaled). Then both sides are padded to a
    multiple of ``stride``.
    """

    sides: Size | None = None
    stride: int = 1

    def __call__(self, size: Size) -> Size:
        """As ``Resize`` (``keep_ratio: true``) and ``PadBatch`` of PaddleDetection."""
        height, width = size
        if self.sides is not None:
            scale = min(min(self.sides) / min(height, width), max(self.sides) / max(height, width))
            height, width = int(height * scale + 0.5), int(width * scale + 0.5)
        return _padded(height, self.stride), _padded(width, self.stride)


def extreme_sizes(sizes: Iterable[Size]) -> tuple[Size, ...]:
    """At most six of the sizes, with the same ranges of height, width and area (some tensors have
    an entry for each pixel). Of equal heights, the least width is an extreme of the lower end and
    the greatest width one of the upper end; likewise for equal widths.
    """
    distinct = set(sizes)
    if not distinct:
        return ()
    extremes = (
        min(distinct),
        min(distinct, key=lambda size: (size[1], size[0])),
        min(distinct, key=lambda size: (size[0] * size[1], size)),
        max(distinct, key=lambda size: (size[1], size[0])),
        max(distinct),
        max(distinct, key=lambda size: (size[0] * size[1], size)),
    )
    return tuple(dict.fromkeys(extremes))


def shapes_to_run(sizes: Sequence[Size], batch: int) -> list[tuple[int, int, int, int]]:
    """Input shapes (N, C, H, W) that span those of batches of up to ``batch`` images. Images of
    different sizes are padded to the largest height and the largest width in their batch.
    """
    single = [(1, 3, height, width) for height, width in sizes]
    if batch == 1:
        return single
    corner = (max(height for height, _ in sizes), max(width for _, width in sizes))
    return [*single, *((batch, 3, *size) for size in dict.fromkeys((*sizes, corner)))]


def parse_shape_ranges(text: str, file: str) -> dict[str, ShapeRange]:
    """Ranges by tensor, from a file that ``collect_shape_range_info`` of Paddle Inference wrote
    (protocol buffer as text, ``paddle/fluid/inference/utils/shape_range_info.proto``). Raises
    InputError.
    """
    ranges: dict[str, ShapeRange] = {}
    for entry in ENTRY.findall(text):
        name = NAME.search(entry)
        bounds: dict[str, list[int]] = {"min": [], "max": []}
        for bound, axis in BOUND.findall(entry):
            bounds[bound].append(int(axis))
        if name is None or len(bounds["min"]) != len(bounds["max"]):
            ranges.clear()
            break
        ranges[name.group(1)] = ShapeRange(tuple(bounds["min"]), tuple(bounds["max"]))
    if not ranges:
        raise InputError(
            "not a file of collected shapes",
            file=file,
            hint="name a file that collect_shape_range_info wrote, or collect one: slimgate shapes",
        )
    return ranges


def image_range(ranges: dict[str, ShapeRange], feeds: Iterable[str], file: str) -> ShapeRange:
    """The range of the model's image input; raises InputError if the file lacks it."""
    for name in feeds:
        if name in ranges and len(ranges[name].least) == IMAGE_RANK:
            return ranges[name]
    raise InputError(
        "the file has no range for this model's image input",
        file=file,
        choices=tuple(feeds),
        hint="it belongs to another model: collect a file for this one with slimgate shapes",
    )


def _padded(side: int, stride: int) -> int:
    return -(-side // stride) * stride
