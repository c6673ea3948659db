"""Sizes for TensorRT's dynamic shapes: which images to collect them on, what a file holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import InputError

Size = tuple[int, int]
"""Height and width in pixels."""

IMAGE_RANK = 4
ENTRY = re.compile(r"shape_range_info\s*\{(.*?)\}", re.DOTALL)
NAME = re.compile(r'name:\s*"([^"]*)"')
BOUND = re.compile(r"(min|max)_shape:\s*(\d+)")


@dataclass(frozen=True)
class ShapeRange:
    """Least and greatest shape that a tensor had, axis by axis."""

    least: tuple[int, ...]
    greatest: tuple[int, ...]

    @property
    def sizes(self) -> tuple[Size, Size]:
        """Least and greatest height and width of an image tensor (N, C, H, W)."""
        return (self.least[-2], self.least[-1]), (self.greatest[-2], self.greatest[-1])


@dataclass(frozen=True)
class Resizing:
    """What preprocessing does to a size: ``sides`` is what the shorter and the longer side may be,
    proportions kept, None to leave images as they are; then both are padded to a multiple of
    ``stride``.
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
    """Of all sizes six at most, which span the same ranges of height, width and area: tensors may
    hold one entry for each pixel. Ties go to the smallest, or the largest, in the other direction.
    """
    every = set(sizes)
    if not every:
        return ()
    found = (
        min(every),
        min(every, key=lambda size: (size[1], size[0])),
        min(every, key=lambda size: (size[0] * size[1], size)),
        max(every, key=lambda size: (size[1], size[0])),
        max(every),
        max(every, key=lambda size: (size[0] * size[1], size)),
    )
    return tuple(dict.fromkeys(found))


def shapes_to_run(sizes: Sequence[Size], batch: int) -> list[tuple[int, int, int, int]]:
    """Input shapes (N, C, H, W) that span what a model meets in batches of up to ``batch``: images
    of different sizes are padded to the largest height and the largest width among them.
    """
    single = [(1, 3, height, width) for height, width in sizes]
    if batch == 1:
        return single
    corner = (max(height for height, _ in sizes), max(width for _, width in sizes))
    return [*single, *((batch, 3, *size) for size in dict.fromkeys((*sizes, corner)))]


def parse_shape_ranges(text: str, file: str) -> dict[str, ShapeRange]:
    """By tensor, what Paddle Inference wrote to a file of ``collect_shape_range_info`` (protocol
    buffer as text, ``paddle/fluid/inference/utils/shape_range_info.proto``). Raises InputError.
    """
    found: dict[str, ShapeRange] = {}
    for entry in ENTRY.findall(text):
        name = NAME.search(entry)
        bounds: dict[str, list[int]] = {"min": [], "max": []}
        for bound, axis in BOUND.findall(entry):
            bounds[bound].append(int(axis))
        if name is None or len(bounds["min"]) != len(bounds["max"]):
            found.clear()
            break
        found[name.group(1)] = ShapeRange(tuple(bounds["min"]), tuple(bounds["max"]))
    if not found:
        raise InputError(
            "this is no file of collected shapes",
            file=file,
            hint="name what collect_shape_range_info wrote, or collect anew: slimgate shapes",
        )
    return found


def image_range(ranges: dict[str, ShapeRange], feeds: Iterable[str], file: str) -> ShapeRange:
    """That of the model's image input; raises InputError if the file is of another model."""
    for name in feeds:
        if name in ranges and len(ranges[name].least) == IMAGE_RANK:
            return ranges[name]
    raise InputError(
        "no shape of this model's image input is in the file",
        file=file,
        choices=tuple(feeds),
        hint="it belongs to another model: collect anew with slimgate shapes",
    )


def _padded(side: int, stride: int) -> int:
    return -(-side // stride) * stride
