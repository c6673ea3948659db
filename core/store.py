"""A content-addressed store on disk: build once, find again, verify on every use.

``ROOT/ab/ab12…/``: the files of one entry and ``entry.json`` with their hashes. An entry is
built in a private folder and renamed into place, so that an interrupted build never becomes an
entry; the next build removes its remains. ``ROOT/changes/NAME/`` is the store of a change that is
not merged: its runs read the whole store, and what they make is read by themselves alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import math
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.private_folder import private_folder, remove_orphans

ENTRY, PARTIAL = "entry.json", ".partial-"
CHANGES, DOWNLOADS = "changes", "downloads"
LOCK, PART = ".lock", ".part"
"""Ends of the names beside a download: the file that its writer locks, and what it has so far."""
CLOCKS_DIFFER_S = 3600.0
"""How far clocks of machines that share a store may differ."""


@dataclass(frozen=True)
class Store:
    """All entries below one folder, by key (64 hexadecimal digits). ``trusted`` is a store that is
    read as well and never written.
    """

    root: Path
    trusted: Store | None = None

    def for_change(self, name: str) -> Store:
        """The store of a change, which this one never reads; ``name`` becomes one folder."""
        folder = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
        return Store(self.root / CHANGES / folder, trusted=self)

    def find(self, key: str) -> Path | None:
        """The folder of an intact entry; a damaged one is removed and counts as missing."""
        shared = self.trusted.find(key) if self.trusted else None
        return shared or self._find_own(key)

    def _find_own(self, key: str) -> Path | None:
        folder = self._folder(key)
        if not folder.exists():
            return None
        try:
            intact = json.loads((folder / ENTRY).read_text())["files"] == hash_files(folder)
        except (OSError, ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            shutil.rmtree(folder, ignore_errors=True)
            return None
        os.utime(folder / ENTRY)
        return folder

    def build(self, key: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
        """The entry's folder, filled by ``make`` if it is missing, and whether it was cached."""
        folder = self.find(key)
        if folder is not None:
            return folder, True
        with private_folder(self.root, PARTIAL) as partial:
            make(partial)
            entry = {"key": key, "files": hash_files(partial)}
            (partial / ENTRY).write_text(json.dumps(entry, indent=1, sort_keys=True))
            target = self._folder(key)
            target.parent.mkdir(exist_ok=True)
            try:
                os.rename(partial, target)
            except OSError:
                if self.find(key) is None:  # otherwise another process built the same entry
                    raise
            return target, False

    def entries(self) -> Iterator[StoredEntry]:
        """Every entry, those of changes and downloads included, with its size and its last use.
        What lies behind a link is none of the store's.
        """
        own, theirs = (self.root.glob(f"{f}??/*/{ENTRY}") for f in ("", f"{CHANGES}/*/"))
        for path in filter(self._is_inside, sorted((*own, *theirs))):
            size = sum(f.stat().st_size for f in path.parent.rglob("*") if f.is_file())
            yield StoredEntry(path.parent.name, path.parent, size, path.stat().st_mtime)
        for path in filter(self._is_inside, sorted((self.root / DOWNLOADS).glob("*"))):
            if path.is_file() and path.suffix != LOCK:
                status = path.stat()
                yield StoredEntry(path.name, path, status.st_size, status.st_mtime)

    def collect(self, max_bytes: int, max_age_s: float) -> list[StoredEntry]:
        """Removes least recently used entries until both limits hold; returns the removed ones. An
        age of 0 leaves nothing but a download that is being written.
        """
        for root in (self.root, *(self.root / CHANGES).glob("*")):
            if root == self.root or self._is_inside(root):
                remove_orphans(root, PARTIAL)
        newest_first = sorted(self.entries(), key=lambda e: e.used_at, reverse=True)
        kept_bytes, removed, now = 0, [], time.time()
        for entry in newest_first:
            too_old = entry.age_s(now) >= max_age_s
            if too_old or kept_bytes + entry.size_bytes > max_bytes:
                if _remove(entry.folder):
                    removed.append(entry)
            else:
                kept_bytes += entry.size_bytes
        return removed

    def _is_inside(self, path: Path) -> bool:
        """Whether no link leads from the store to the path."""
        parts = path.relative_to(self.root).parts
        steps = (self.root.joinpath(*parts[: n + 1]) for n in range(len(parts)))
        return not any(step.is_symlink() for step in steps)

    def _folder(self, key: str) -> Path:
        return self.root / key[:2] / key


@dataclass(frozen=True)
class StoredEntry:
    """``folder`` is a file for a download; ``used_at`` is in seconds since the epoch."""

    key: str
    folder: Path
    size_bytes: int
    used_at: float

    def age_s(self, now: float) -> float:
        """Seconds since the last use. A time that is still to come says nothing of the use, and the
        entry counts as the oldest.
        """
        return max(0.0, now - self.used_at) if self.used_at <= now + CLOCKS_DIFFER_S else math.inf


def _remove(path: Path) -> bool:
    """Removes an entry, or a download that no process is writing; returns whether it is gone."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return True
    with path.with_name(path.name.removesuffix(PART) + LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        path.unlink(missing_ok=True)
    return True


def hash_files(folder: Path) -> dict[str, str]:
    """sha256 of every regular file below the folder, by relative path; raises ValueError for a
    symbolic link.
    """
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise ValueError(f"a symbolic link in a store entry: {path}")
        if path.is_file() and path != folder / ENTRY:
            hashes[path.relative_to(folder).as_posix()] = hash_file(path)
    return hashes


def hash_file(path: Path) -> str:
    """sha256 of one file, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()
