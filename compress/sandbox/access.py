"""What a worker may touch of the disk, and how much of the machine it may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEMORY_SHARE, FREE_DISK_SHARE = 0.8, 0.5
MAX_DISK_BYTES, MAX_FILES, MAX_PROCESSES = 50 * 2**30, 100_000, 1024


@dataclass(frozen=True)
class Access:
    """Files and folders that a worker reads, and folders that it writes; all exist."""

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a worker and all its children together may use. Threads count as processes;
    ``disk_bytes`` and ``files`` hold for everything that it may write to.
    """

    memory_bytes: int
    processes: int
    disk_bytes: int
    files: int


def default_limits(scratch: Path) -> Limits:
    """A share of what this machine has, so that the machine itself goes on."""
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    free_bytes = shutil.disk_usage(scratch).free
    return Limits(
        memory_bytes=int(memory_bytes * MEMORY_SHARE),
        processes=MAX_PROCESSES,
        disk_bytes=min(MAX_DISK_BYTES, int(free_bytes * FREE_DISK_SHARE)),
        files=MAX_FILES,
    )


def present(*paths: Path | None) -> tuple[Path, ...]:
    """The paths that exist, without doubles."""
    return tuple(dict.fromkeys(path for path in paths if path is not None and path.exists()))


def with_link_targets(folders: Iterable[Path], depth: int = 2) -> tuple[Path, ...]:
    """The folders, and what symbolic links in them point to, down to ``depth`` levels.

    A data folder often holds links to where the data sets really lie.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        found[folder.resolve()] = None
        for link in _links(folder, depth):
            if link.exists():
                found[link.resolve()] = None
    return tuple(found)


def _links(folder: Path, depth: int) -> Iterable[Path]:
    if depth == 0 or not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_symlink():
            yield entry
        if entry.is_dir():
            yield from _links(entry, depth - 1)
