"""What a worker leaves on the disk: measured, accepted only as plain files, and removed."""

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
    """Something on the disk that no honest worker leaves."""


def measure_use(folder: Path) -> tuple[int, int]:
    """Bytes and number of entries below the folder; raises Abuse. A file with holes counts as if it
    had none, since who reads it reads them too.
    """
    used_bytes, entries = 0, 0
    for _, entry in _walk(folder):
        entries += 1
        with contextlib.suppress(FileNotFoundError):
            found = entry.stat(follow_symlinks=False)
            used_bytes += max(found.st_size, found.st_blocks * 512)
    return used_bytes, entries


def require_plain_files(folder: Path) -> None:
    """Raises Abuse unless there are only regular files and folders below the folder, and makes
    them ordinary ones.

    A link could make who reads it next read a file of the host's, a pipe could hold it up.
    """
    for path, entry in _walk(folder):
        if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
            kind = "symbolic link" if entry.is_symlink() else "device, pipe or socket"
            raise Abuse(f"it left a {kind}: {entry.name[:80]!r}")
        if entry.stat(follow_symlinks=False).st_mode & SPECIAL_BITS:
            raise Abuse(f"it left a file with special permissions: {entry.name[:80]!r}")
        Path(path).chmod(0o755 if entry.is_dir(follow_symlinks=False) else 0o644)


def remove_tree(folder: Path) -> None:
    """Removes a folder, also one made to resist: nested without end, or closed to its owner."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        for tool in (["chmod", "--recursive", "u+rwX"], ["rm", "--recursive", "--force"]):
            subprocess.run([*tool, "--", str(folder)], check=False, stderr=subprocess.DEVNULL)


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry below the folder with its path; links are not followed, nor a folder that becomes
    one meanwhile.
    """
    waiting = [(str(folder), 0)]
    while waiting:
        place, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Abuse(f"it nested folders more than {MAX_DEPTH} deep")
        try:
            opened = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except PermissionError as error:
            raise Abuse(f"it closed a folder to us: {Path(place).name[:80]!r}") from error
        except OSError:
            continue  # gone, or something else meanwhile
        try:
            with os.scandir(opened) as entries:
                for entry in entries:
                    path = f"{place}/{entry.name}"
                    yield path, entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((path, depth + 1))
        finally:
            os.close(opened)
