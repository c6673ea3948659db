"""Measures, checks and removes the files that a worker leaves."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

MAX_DEPTH = 40
SPECIAL_BITS = 0o7000
"""Set user, set group, sticky."""


class Abuse(Exception):
    """An entry on the disk that no honest worker leaves."""


def measure_use(folder: Path) -> tuple[int, int]:
    """Bytes and number of entries below the folder; raises Abuse. The holes of a sparse file count,
    since its readers read them as well.
    """
    used_bytes, entries = 0, 0
    for _, entry in _walk(folder):
        entries += 1
        with contextlib.suppress(FileNotFoundError):
            status = entry.stat(follow_symlinks=False)
            used_bytes += max(status.st_size, status.st_blocks * 512)
    return used_bytes, entries


def require_plain_files(folder: Path) -> None:
    """Raises Abuse unless the folder holds only regular files and folders; sets their permissions
    to 0644 and 0755.

    A link could lead its next reader to a file of the host; a pipe could block the reader.
    """
    for path, entry in _walk(folder):
        if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
            kind = "symbolic link" if entry.is_symlink() else "device, pipe or socket"
            raise Abuse(f"the worker left a {kind}: {entry.name[:80]!r}")
        if entry.stat(follow_symlinks=False).st_mode & SPECIAL_BITS:
            raise Abuse(f"the worker left special permissions on {entry.name[:80]!r}")
        Path(path).chmod(0o755 if entry.is_dir(follow_symlinks=False) else 0o644)


def remove_tree(folder: Path) -> None:
    """Removes a folder, even one that is nested very deeply or closed to its owner."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        for tool in (["chmod", "--recursive", "u+rwX"], ["rm", "--recursive", "--force"]):
            subprocess.run([*tool, "--", str(folder)], check=False, stderr=subprocess.DEVNULL)


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry below the folder with its path; neither links are followed nor folders that are
    replaced by links meanwhile.
    """
    pending = [(str(folder), 0)]
    while pending:
        parent, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise Abuse(f"the worker nested folders more than {MAX_DEPTH} deep")
        try:
            descriptor = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except PermissionError as error:
            raise Abuse(
                f"the worker made a folder unreadable: {Path(parent).name[:80]!r}"
            ) from error
        except OSError:
            continue  # removed or replaced meanwhile
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    path = f"{parent}/{entry.name}"
                    yield path, entry
                    if entry.is_dir(follow_symlinks=False):
                        pending.append((path, depth + 1))
        finally:
            os.close(descriptor)
