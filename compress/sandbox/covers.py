"""Covers folders of which a worker may see a part only, by folders that hold that part."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cover:
    """A folder of which a worker sees the files with the names ``keep``, and all folders."""

    folder: Path
    keep: frozenset[str]

    def is_within(self, places: Iterable[Path]) -> bool:
        """Whether the folder is there, and seen without the cover, which may only take away: a list
        of images, which may be a stranger's, says where it lies.
        """
        return self.folder.is_dir() and any(map(self.folder.is_relative_to, places))


def lay_covers(covers: Iterable[Cover], below: Path) -> Iterator[tuple[Path, Path]]:
    """What has to be bound, as pairs of a folder and the place at which it is seen, in order: the
    part of each covered folder, made below a folder of the worker's, and the folders in it.
    """
    for number, cover in enumerate(sorted(covers, key=lambda cover: cover.folder.parts)):
        part = below / str(number)
        part.mkdir(parents=True)
        folders = list(_fill(part, cover))
        yield part, cover.folder
        yield from ((folder, folder) for folder in folders)


def _fill(part: Path, cover: Cover) -> Iterator[Path]:
    """Places the kept files in the part, and an empty folder for each folder, which is returned."""
    with os.scandir(cover.folder) as entries:
        for entry in entries:
            target = part / entry.name
            if entry.is_dir(follow_symlinks=False):
                target.mkdir()
                yield cover.folder / entry.name
            elif entry.is_symlink():
                if entry.is_dir() or entry.name in cover.keep:
                    target.symlink_to(Path(entry.path).readlink())
            elif entry.name in cover.keep:
                place_file(Path(entry.path), target)


def place_file(file: Path, target: Path) -> None:
    """A link to the file's content; a copy of it on another disk."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
