"""Shows data to workers without what their models are scored by."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.metrics import find_metric
from bench.metrics.base import LabelledData, LabelledImage
from compress.sandbox.covers import Cover, place_file
from compress.sandbox.leftovers import remove_tree
from core.errors import InputError, JobFailure

MAX_FOLDERS = 500
LISTS = frozenset({".txt"})
IMAGES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""Suffixes of the files that training data consist of besides its truth."""


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
        yield Shown(tuple(_renamed(file, n, folder) for n, file in enumerate(files)), (folder,))
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


def _renamed(file: Path, number: int, folder: Path) -> Path:
    """The image under a name that tells nothing."""
    target = folder / f"{number:06d}{file.suffix}"
    place_file(file, target)
    return target


def covers_of(evaluation: LabelledData, training: LabelledData | None) -> tuple[Cover, ...]:
    """Covers for the folders that hold what models are scored by, for workers that read training
    data. Of such a folder they see lists, what the training names, and images where no truth has
    the form of an image.

    None where truth lies in more than MAX_FOLDERS folders, and none for annotations that cannot be
    read, by which nothing is scored.
    """
    try:
        truths = _truths(evaluation)
        kept = _truths(training) if training else set()
        suffixes = {truth.suffix for truth in truths}
        if training and IMAGES & suffixes:
            metric = find_metric(training.scoring.metric)
            kept |= {image.file.resolve() for image in metric.images(training)}
    except (InputError, JobFailure):
        return ()
    folders = {truth.parent for truth in truths if truth.parent.is_dir()}
    if len(folders) > MAX_FOLDERS:
        return ()
    shown = LISTS | (IMAGES if not IMAGES & suffixes else frozenset())
    return tuple(Cover(folder, _names(folder, kept, shown)) for folder in folders)


def _truths(labelled: LabelledData) -> set[Path]:
    return {file.resolve() for file in find_metric(labelled.scoring.metric).truths(labelled)}


def _names(folder: Path, kept: set[Path], suffixes: frozenset[str]) -> frozenset[str]:
    """The names in the folder of the kept files, and those with one of the suffixes."""
    own = {file.name for file in kept if file.parent == folder}
    others = {path.name for path in folder.iterdir() if path.suffix.lower() in suffixes}
    return frozenset(own | others)
