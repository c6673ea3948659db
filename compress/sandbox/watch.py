"""Checks a few times a second what a worker uses, and kills it if it exceeds its limits.

Disk has no other limit. Memory and processes are polled where no control group limits them; files
in memory-backed folders are not counted then, but those folders are small.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from compress.sandbox.access import Limits
from compress.sandbox.leftovers import Abuse, measure_use

INTERVAL_S = 0.25
PAGE_BYTES = 4096
MAX_LOG_BYTES = 2**26


@dataclass(frozen=True)
class Consumption:
    """What a worker uses, and its limits. ``processes`` returns their ids; it is None where the
    kernel limits processes and memory.
    """

    folders: tuple[Path, ...]
    log: Path
    limits: Limits
    processes: Callable[[], list[int]] | None

    def excess(self) -> str | None:
        """The first limit that is exceeded, as a sentence; None if there is none."""
        try:
            uses = [measure_use(folder) for folder in self.folders]
        except Abuse as abuse:
            return str(abuse)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            return f"the worker printed more than {MAX_LOG_BYTES >> 20} MiB"
        if sum(used for used, _ in uses) > self.limits.disk_bytes:
            return f"the worker wrote more than {gibibytes(self.limits.disk_bytes)} to disk"
        if sum(entries for _, entries in uses) > self.limits.files:
            return f"the worker made more than {self.limits.files} files"
        return self._unlimited_excess(self.processes()) if self.processes else None

    def _unlimited_excess(self, pids: list[int]) -> str | None:
        if len(pids) > self.limits.processes:
            return f"the worker started more than {self.limits.processes} processes"
        if sum(map(_resident_bytes, pids)) > self.limits.memory_bytes:
            return f"the worker used more than {gibibytes(self.limits.memory_bytes)} of memory"
        return None


class Ending:
    """Why a worker was killed; ``reason`` is None until then."""

    reason: str | None = None


@contextmanager
def watching(usage: Consumption, end: Callable[[], None]) -> Iterator[Ending]:
    """Calls ``end`` once if the usage exceeds a limit within the block; the verdict says which."""
    verdict, stop = Ending(), threading.Event()

    def watch() -> None:
        while verdict.reason is None and not stop.wait(INTERVAL_S):
            verdict.reason = usage.excess()
        if verdict.reason is not None:
            end()

    thread = threading.Thread(target=watch, name="watch", daemon=True)
    thread.start()
    try:
        yield verdict
    finally:
        stop.set()
        thread.join()


def gibibytes(size_bytes: int) -> str:
    """``19.2 GiB``."""
    return f"{size_bytes / 2**30:.3g} GiB"


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0


def count_user_threads() -> int:
    """The number of threads of this process's user on the whole machine."""
    owned = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # the process ended meanwhile
            if process.stat().st_uid == os.getuid():
                owned += len(list((process / "task").iterdir()))
    return owned


def descendants(pid: int) -> list[int]:
    """Children of the process, their children and so on, as far as the kernel lists them."""
    return [member for child in _children(pid) for member in (child, *descendants(child))]


def _children(pid: int) -> Iterable[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
