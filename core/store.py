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
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.private_folder import private_folder, remove_orphans

ENTRY, PARTIAL = "entry.json", ".partial-"
CHANGES, DOWNLOADS = "changes", "downloads"
LOCK, PART = ".lock", ".part"
"""Ends of the names beside a download: the file that its writer locks, and what it has so far."""
KEY = re.compile("[0-9a-f]{64}")
MAX_PLAIN = 200
"""Characters of a folder's name that a change's name chooses; a file system takes 255 bytes."""
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
        """The store of a change, which this one never reads; ``name`` becomes a folder of its own,
        also where a file system does not tell capital letters apart.
        """
        plain = re.sub("[^a-z0-9_-]+", "-", name)
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]
        is_plain = plain == name and 0 < len(name) <= MAX_PLAIN
        folder = name if is_plain else f"{plain[:MAX_PLAIN]}.{digest}"
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
            _discard(folder)
            return None
        with suppress(OSError):  # a store may be readable and not writable
            os.utime(folder / ENTRY)
        return folder

    def build(self, key: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
        """The entry's folder, filled by ``make`` if it is missing, and whether it was cached."""
        folder = self.find(key)
        if folder is not None:
            return folder, True
        self._require_removed(key)
        with private_folder(self.root, PARTIAL) as partial:
            make(partial)
            entry = {"key": key, "files": hash_files(partial)}
            (partial / ENTRY).write_text(json.dumps(entry, indent=1, sort_keys=True))
            target = self._folder(key)
            target.parent.mkdir(exist_ok=True)
            try:
                os.rename(partial, target)
            except OSError:
                if self.find(key) is None:  # what was there is damaged, and gone now
                    os.rename(partial, target)
            return target, False

    def _require_removed(self, key: str) -> None:
        """Raises InputError for a damaged entry that is still there, before work is done that could
        not take its place.
        """
        folder = self._folder(key)
        if folder.exists() and self._find_own(key) is None and folder.exists():
            raise InputError(
                "a damaged entry of the store cannot be removed",
                file=str(folder),
                hint="remove it, or take another folder by --store",
            )

    def entries(self) -> Iterator[StoredEntry]:
        """Every entry, those of changes, downloads and what is left of damaged ones included, with
        its size and its last use. What lies behind a link is none of the store's.
        """
        own, theirs = (self.root.glob(f"{f}??/*") for f in ("", f"{CHANGES}/*/"))
        folders = [f for f in sorted((*own, *theirs)) if KEY.fullmatch(f.name) and f.is_dir()]
        files = sorted((self.root / DOWNLOADS).glob("*"))
        for path in filter(self._is_inside, (*folders, *files)):
            if path.suffix != LOCK:
                with suppress(FileNotFoundError):  # another process removed it
                    yield _stored(path)

    def collect(
        self,
        max_bytes: int,
        max_age_s: float,
        on_kept: Callable[[StoredEntry], None] = lambda _: None,
    ) -> list[StoredEntry]:
        """Removes least recently used entries until both limits hold; returns the removed ones. An
        age of 0 leaves nothing but a download that is being written. ``on_kept`` gets those that
        cannot be removed.
        """
        for root in (self.root, *(self.root / CHANGES).glob("*")):
            if root == self.root or self._is_inside(root):
                remove_orphans(root, PARTIAL)
        newest_first = sorted(self.entries(), key=lambda e: e.used_at, reverse=True)
        kept_bytes, removed, now = 0, [], time.time()
        for entry in newest_first:
            too_old = entry.age_s(now) >= max_age_s
            too_much = kept_bytes + entry.size_bytes > max_bytes
            if (too_old or too_much) and _remove(entry.folder):
                removed.append(entry)
                continue
            kept_bytes += entry.size_bytes
            if too_old or too_much:
                on_kept(entry)
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


def _stored(path: Path) -> StoredEntry:
    """An entry or a download; raises FileNotFoundError if there is none any more."""
    record = path / ENTRY if (path / ENTRY).is_file() else path
    size = sum(_size(file) for file in (path.rglob("*") if path.is_dir() else (path,)))
    return StoredEntry(path.name, path, size, record.stat().st_mtime)


def _size(path: Path) -> int:
    """Bytes of a regular file; 0 for anything else and for what another process removed."""
    with suppress(FileNotFoundError):
        status = path.stat()
        return status.st_size if stat.S_ISREG(status.st_mode) else 0
    return 0


def _remove(path: Path) -> bool:
    """Removes an entry, or a download that no process is writing; returns whether it is gone."""
    if path.parent.name != DOWNLOADS:
        return _discard(path)
    with suppress(OSError), path.with_name(path.name.removesuffix(PART) + LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
        return True
    return False


def _discard(folder: Path) -> bool:
    """Removes an entry at once, so that no process finds or leaves a part of it in its place;
    returns whether it is gone. What cannot be removed is put back.
    """
    with suppress(OSError, InputError), private_folder(folder.parent.parent, PARTIAL) as partial:
        moved = partial / folder.name
        os.rename(folder, moved)
        shutil.rmtree(moved, ignore_errors=True)
        if moved.exists():
            os.rename(moved, folder)
    return not folder.exists()


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
