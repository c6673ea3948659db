"""Control groups, versions 1 and 2: limits on a worker and its children, enforced by the kernel.

Version 1 has one tree for each controller, version 2 one tree for all. In version 2 a group that
holds processes cannot hand controllers on, so a runner that is a service needs ``Delegate=yes``
and a subgroup of its own (docs/runners.md).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from compress.sandbox.access import Limits
from compress.sandbox.group_names import own_name

CONTROLLERS = ("memory", "pids")
MEMORY_FILES = {1: "memory.limit_in_bytes", 2: "memory.max"}
SWAP_FILES = ("memory.swap.max", "memory.memsw.limit_in_bytes")
"""Swap limits of version 2, and of version 1, where the limit covers memory and swap; both files
are absent if the kernel does not account for swap.
"""
KILLED_FILES = {1: "memory.oom_control", 2: "memory.events"}


@dataclass(frozen=True)
class Group:
    """A control group. ``folders`` by controller; in version 2 both have the same folder."""

    version: Literal[1, 2]
    folders: Mapping[str, Path]

    @property
    def entrances(self) -> tuple[Path, ...]:
        """The files to which a process writes its id in order to join."""
        return tuple(dict.fromkeys(f / "cgroup.procs" for f in self.folders.values()))

    def processes(self) -> list[int]:
        """The ids of the group's processes, as this process sees them; empty once it is removed."""
        try:
            return [int(word) for word in self.entrances[0].read_text().split()]
        except OSError:
            return []

    def refusals(self) -> tuple[int, int]:
        """The number of processes killed for lack of memory, and of processes refused."""
        killed = _count(self.folders["memory"] / KILLED_FILES[self.version], "oom_kill")
        return killed, _count(self.folders["pids"] / "pids.events", "max")

    def hand_on(self) -> None:
        """Lets the group's children have limits; in version 1 they always can."""
        if self.version == 1:
            return
        switch = self.folders["memory"] / "cgroup.subtree_control"
        missing = set(CONTROLLERS) - set(switch.read_text().split())
        if missing:
            switch.write_text(" ".join(f"+{name}" for name in sorted(missing)))

    def make_child(self, name: str, limits: Limits) -> Group:
        """A new group below this one; raises OSError if that is not allowed."""
        child = Group(self.version, {key: path / name for key, path in self.folders.items()})
        try:
            for folder in set(child.folders.values()):
                folder.mkdir()
            child._limit(limits)
        except OSError:
            child.remove()
            raise
        return child

    def _limit(self, limits: Limits) -> None:
        memory = self.folders["memory"]
        (memory / MEMORY_FILES[self.version]).write_text(str(limits.memory_bytes))
        swap, memory_and_swap = (memory / name for name in SWAP_FILES)
        if swap.exists():
            swap.write_text("0")
        if memory_and_swap.exists():
            memory_and_swap.write_text(str(limits.memory_bytes))
        (self.folders["pids"] / "pids.max").write_text(str(limits.processes))

    def remove(self, patience_s: float = 5.0) -> None:
        """Removes the group once its last process has ended; gives up silently in the end."""
        deadline = time.monotonic() + patience_s
        for folder in set(self.folders.values()):
            while folder.exists() and time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.02)


def find_parent() -> Group | None:
    """The group below which this process may make others; None if there is no such group."""
    for candidate in _candidates(Path("/proc/self/mountinfo"), Path("/proc/self/cgroup")):
        probe = Limits(2**26, 16, 0, 0)
        try:
            candidate.hand_on()
            candidate.make_child(own_name("-probe"), probe).remove()
        except OSError:
            continue
        return candidate
    return None


def _candidates(mounts: Path, membership: Path) -> Iterator[Group]:
    """Version 1: the process's own groups. Version 2: the group around its own, then its own."""
    own = dict(_memberships(membership))
    trees = {name: tree for name, tree in _trees(mounts) if name in own}
    if set(CONTROLLERS) <= {*trees}:
        yield Group(1, {name: trees[name].folder(own[name]) for name in CONTROLLERS})
    if "" in trees:
        folder = trees[""].folder(own[""])
        around = [folder.parent] if folder != trees[""].mounted_at else []
        for place in (*around, folder):
            yield Group(2, dict.fromkeys(CONTROLLERS, place))


@dataclass(frozen=True)
class _Tree:
    """A mounted tree of groups; ``root`` is the group that is visible at its top."""

    mounted_at: Path
    root: str

    def folder(self, group: str) -> Path:
        below = os.path.relpath(group, self.root)
        outside = below == ".." or below.startswith("../")
        return self.mounted_at if outside else self.mounted_at / below


def _memberships(file: Path) -> Iterator[tuple[str, str]]:
    """Controller and path of each group of this process; version 2's controller is ``""``."""
    for line in file.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for name in controllers.split(","):
            yield name, path


def _trees(file: Path) -> Iterator[tuple[str, _Tree]]:
    """Each controller with its tree; version 2's controller is ``""``."""
    for line in file.read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        tree = _Tree(Path(before.split()[4]), before.split()[3])
        if kind == "cgroup2":
            yield "", tree
        elif kind == "cgroup":
            for name in options.split(","):
                yield name, tree


def _count(file: Path, key: str) -> int:
    """The number after ``key`` in a file of lines ``KEY NUMBER``; 0 if file or key is missing."""
    try:
        lines = [line.split() for line in file.read_text().splitlines()]
    except OSError:
        return 0
    return next((int(words[1]) for words in lines if len(words) == 2 and words[0] == key), 0)
