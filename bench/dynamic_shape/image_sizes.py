"""Reads the sizes of a folder's images from their headers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import ExifTags, Image

from bench.dynamic_shape.ranges import Size
from core.errors import InputError
from core.files import is_file, is_folder

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
QUARTER_TURNS = (5, 6, 7, 8)
"""EXIF orientations that swap height and width."""


def load_image_sizes(folder: Path) -> tuple[tuple[Size, ...], int]:
    """Height and width of every image below a folder, as OpenCV reads it, and the number of images
    that could not be read. Raises InputError if none could.
    """
    if not is_folder(folder):
        problem = "a file, not a folder" if is_file(folder) else "no such folder"
        raise InputError(problem, file=str(folder), hint="name the folder of the validation images")
    read = read_sizes(_image_files(folder))
    sizes = tuple(size for size in read if size is not None)
    unreadable = len(read) - len(sizes)
    if not sizes:
        raise InputError(
            f"no images in this folder can be read; {unreadable} are damaged"
            if unreadable
            else "no images in this folder",
            file=str(folder),
            choices=tuple(sorted(SUFFIXES)),
            hint="name the folder of the validation images, or give sizes with --size",
        )
    return sizes, unreadable


def read_sizes(files: Iterable[Path]) -> list[Size | None]:
    """Height and width of each image as OpenCV reads it; None for one that cannot be read."""
    with _any_size():
        return [_oriented_size(path) for path in files]


def _image_files(folder: Path) -> Iterator[Path]:
    """Image files below a folder, through links to folders too; each folder counts once."""
    visited: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        yield from (Path(parent, n) for n in names if Path(n).suffix.lower() in SUFFIXES)


def _oriented_size(path: Path) -> Size | None:
    """Height and width after EXIF's rotation; None if the file cannot be read."""
    try:
        with Image.open(path) as image:
            turned = image.getexif().get(ExifTags.Base.Orientation) in QUARTER_TURNS
            return (image.width, image.height) if turned else (image.height, image.width)
    except (OSError, ValueError, SyntaxError):
        return None


@contextmanager
def _any_size() -> Iterator[None]:
    """Lifts Pillow's limit on image sizes, which guards against unpacking; headers are safe."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit
