"""The files that a worker may access, and the share of the machine that it may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from compress.sandbox.covers import Cover

MEMORY_SHARE, FREE_DISK_SHARE = 0.8, 0.5
LINK_DEPTH = 2
"""How deep in a data folder links to data sets elsewhere lie."""
MAX_DISK_BYTES, MAX_FILES, MAX_PROCESSES = 50 * 2**30, 100_000, 1024


@dataclass(frozen=True)
class Access:
    """Files and folders that a worker may read, and folders that it may write to; all exist. Of
    ``covers`` it sees a part only. ``gpu``: whether it may use NVIDIA's GPUs.
    """

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    covers: tuple[Cover, ...] = ()
    gpu: bool = False


@dataclass(frozen=True)
class Limits:
    """Limits of a worker together with all its children. Threads count as processes;
    ``disk_bytes`` and ``files`` are totals over all folders that it may write to.
    """

    memory_bytes: int
    processes: int
    disk_bytes: int
    files: int


def default_limits(scratch: Path) -> Limits:
    """A share of this machine's memory and free disk, so that the machine itself keeps running."""
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    free_bytes = shutil.disk_usage(scratch).free
    return Limits(
        memory_bytes=int(memory_bytes * MEMORY_SHARE),
        processes=MAX_PROCESSES,
        disk_bytes=min(MAX_DISK_BYTES, int(free_bytes * FREE_DISK_SHARE)),
        files=MAX_FILES,
    )


def present(*paths: Path | None) -> tuple[Path, ...]:
    """The paths that exist, each once."""
    return tuple(dict.fromkeys(path for path in paths if path is not None and path.exists()))


def with_link_targets(folders: Iterable[Path], depth: int = LINK_DEPTH) -> tuple[Path, ...]:
    """The folders, and the targets of symbolic links in them down to ``depth`` levels.

    The entries of a data folder are often links to data sets elsewhere.
    """
    places: dict[Path, None] = {}
    for folder in folders:
        places[folder.resolve()] = None
        for link in links_in(folder, depth):
            if link.exists():
                places[link.resolve()] = None
    return tuple(places)


def links_in(folder: Path, depth: int = LINK_DEPTH) -> Iterable[Path]:
    """The symbolic links in the folder, and in folders to which they lead, down to that depth."""
    if depth == 0 or not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_symlink():
            yield entry
        if entry.is_dir():
            yield from links_in(entry, depth - 1)
