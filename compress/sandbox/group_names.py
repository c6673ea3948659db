"""Names of control groups that say who made them, and the removal of those whose maker is gone."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

PREFIX = "slimgate-"
ABANDONED_S = 2 * 86_400.0
"""No job takes longer (the workflow ends it after a day)."""
_NAME = re.compile(rf"{PREFIX}(\d+)-(\d+)-(\d+)(-probe)?")
NAMESPACE = Path("/proc/self/ns/pid")


def own_name(suffix: str = "") -> str:
    """A name that no other process ever has: process ids are given again, their times are not."""
    pid = os.getpid()
    return f"{PREFIX}{_namespace()}-{pid}-{_started(pid)}{suffix}"


def remove_leftovers(parents: Iterable[Path]) -> None:
    """Removes the groups of killed runs below the parents. The kernel refuses it for a group with
    processes; one that it would let go, because a living run has no worker at the moment, is kept.
    """
    for parent in set(parents):
        for folder in parent.glob(f"{PREFIX}*"):
            if folder.is_dir() and _is_left(folder):
                for group in (*(path for path in folder.iterdir() if path.is_dir()), folder):
                    with contextlib.suppress(OSError):
                        group.rmdir()


def _is_left(folder: Path) -> bool:
    """Whether the maker is gone. One that this process cannot see, in another namespace or of
    another version, counts as gone once no job can have taken so long.
    """
    match = _NAME.fullmatch(folder.name)
    if match is not None and match[1] == _namespace():
        return _started(int(match[2])) != match[3]
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime > ABANDONED_S
    return False


def _namespace() -> str:
    return re.sub(r"\D", "", str(NAMESPACE.readlink()))


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
