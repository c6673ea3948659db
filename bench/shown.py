"""Shows images to workers without what they are scored by."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.metrics.base import LabelledImage
from compress.sandbox.leftovers import remove_tree

MAX_FOLDERS = 500


@dataclass(frozen=True)
class Shown:
    """The images as a worker finds them, in order, and the folders that it has to read."""

    images: tuple[Path, ...]
    folders: tuple[Path, ...]


@contextmanager
def without_truth(images: Sequence[LabelledImage], scratch: Path) -> Iterator[Shown]:
    """The images where they are, if nothing but images lies in their folders; else links to them in
    a folder of their own (copies, on another disk), which is removed at the end.
    """
    files = tuple(image.file.resolve() for image in images)
    folders = tuple(dict.fromkeys(file.parent for file in files))
    if len(folders) <= MAX_FOLDERS and not _hold_truth(folders, images, set(files)):
        yield Shown(files, folders)
        return
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="images-", dir=scratch))
    try:
        yield Shown(tuple(_place(file, n, folder) for n, file in enumerate(files)), (folder,))
    finally:
        remove_tree(folder)


def _hold_truth(folders: Sequence[Path], images: Sequence[LabelledImage], files: set[Path]) -> bool:
    """Whether a folder holds, at any depth, a label map, or a file by which truth may be known:
    lists and annotations, whatever they are called, are no images of this data set.
    """
    labels = {image.truth.resolve() for image in images if isinstance(image.truth, Path)}
    if any(label.is_relative_to(folder) for label in labels for folder in folders):
        return True
    return any(_holds_others(folder, files) for folder in folders)


def _holds_others(folder: Path, files: set[Path]) -> bool:
    with os.scandir(folder) as entries:
        kinds = {Path(file).suffix for file in files}
        return any(entry.is_dir() or Path(entry.name).suffix not in kinds for entry in entries)


def _place(file: Path, number: int, folder: Path) -> Path:
    """The image under a name that tells nothing."""
    target = folder / f"{number:06d}{file.suffix}"
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
    return target
