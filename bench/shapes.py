"""Sizes for TensorRT's dynamic shapes: which images to collect them on, what a file holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from compress.errors import InputError

Size = tuple[int, int]
"""Height and width in pixels."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
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
    """Of all sizes four at most, which span the same range: one each of the least height, the least
    width, the greatest width and the greatest height. Ties go to the image that also is extreme
    in the other direction.
    """
    every = sorted(set(sizes))
    if not every:
        return ()
    found = (
        min(every, key=lambda size: (size[0], -size[1])),
        min(every, key=lambda size: (size[1], -size[0])),
        max(every, key=lambda size: (size[1], -size[0])),
        max(every, key=lambda size: (size[0], -size[1])),
    )
    return tuple(dict.fromkeys(found))


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


def load_image_sizes(folder: Path) -> tuple[Size, ...]:
    """Height and width of every image below a folder, from their headers; files that are no images
    are passed over. Raises InputError if there is none.
    """
    sizes = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            with Image.open(path) as image:
                sizes.append((image.height, image.width))
        except (OSError, UnidentifiedImageError):
            continue
    if not sizes:
        raise InputError(
            "no images in this folder",
            file=str(folder),
            choices=tuple(sorted(SUFFIXES)),
            hint="name the folder of the validation images, or give sizes with --size",
        )
    return tuple(sizes)


def _padded(side: int, stride: int) -> int:
    return -(-side // stride) * stride
