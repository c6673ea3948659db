"""The sandbox as workers use it: opened once for a run, closed around each worker."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from compress.sandbox.access import Access, Limits, default_limits
from compress.sandbox.bubblewrap import package_folders, sandbox_command
from compress.sandbox.cgroup import Group, find_parent
from compress.sandbox.watch import Consumption, Ending, count_user_threads, gibibytes, watching
from core.errors import InputError

OLDEST = (0, 8)
OWN = ("core", "compress")
"""Our packages that every worker imports, beside its module's own."""


@dataclass(frozen=True)
class Sandbox:
    """What confines the workers of a run. ``group`` holds them all, None without control groups."""

    version: str
    limits: Limits
    group: Group | None

    def describe(self) -> str:
        """What is in force, in words."""
        if self.group is None:
            return f"bubblewrap {self.version}; memory and processes limited by polling"
        kind = f"cgroup v{self.group.version}"
        return f"bubblewrap {self.version}; memory and processes limited by {kind}"

    @contextmanager
    def confine(
        self, folder: Path, log: Path, access: Access, module: str
    ) -> Iterator[Confinement]:
        """Around one worker that runs ``module`` in ``folder`` and writes to ``log``."""
        name = f"worker-{secrets.token_hex(4)}"
        group = self.group and self.group.make_child(name, self.limits)
        reads = (*access.reads, *(f for m in (module, *OWN) for f in package_folders(m)))
        try:
            yield Confinement(folder, log, Access(reads, access.writes), self.limits, group)
        finally:
            if group is not None:
                group.remove()


@dataclass
class Confinement:
    """The sandbox of one worker."""

    folder: Path
    log: Path
    access: Access
    limits: Limits
    group: Group | None
    verdict: Ending = field(default_factory=Ending)

    def wrap(self, command: Sequence[str]) -> list[str]:
        """The command that starts ``command`` inside."""
        if self.group is not None:
            entrances = self.group.entrances
            return sandbox_command(command, self.folder, self.access, self.limits, entrances)
        threads = count_user_threads()
        return sandbox_command(command, self.folder, self.access, self.limits, user_threads=threads)

    @contextmanager
    def watch(self, processes: Callable[[], list[int]], end: Callable[[], None]) -> Iterator[None]:
        """Calls ``end`` if the worker uses too much meanwhile."""
        usage = self._usage(None if self.group else processes)
        with watching(usage, end) as self.verdict:
            yield

    def excess(self) -> str | None:
        """What the worker used too much of, whether it was ended for that or not."""
        reason = self.verdict.reason or self._usage(None).excess()
        if reason is None and self.group is not None and self.group.refusals()[0]:
            reason = f"it used more than {gibibytes(self.limits.memory_bytes)} of memory"
        return reason and f"{reason}; killed"

    def _usage(self, processes: Callable[[], list[int]] | None) -> Consumption:
        folders = (self.folder, *self.access.writes)
        return Consumption(folders, self.log, self.limits, processes)

    def refused(self) -> str:
        """What the kernel refused without ending the worker; empty if nothing."""
        if self.group is not None and self.group.refusals()[1]:
            return f"; it was refused more than {self.limits.processes} processes"
        return ""


@contextmanager
def open_sandbox(scratch: Path, limits: Limits | None = None) -> Iterator[Sandbox]:
    """Makes sure that a sandbox works here; raises InputError with what to do if not."""
    scratch.mkdir(parents=True, exist_ok=True)
    chosen = limits or default_limits(scratch)
    version = _require_bubblewrap(scratch, chosen)
    with ExitStack() as stack:
        parent = find_parent()
        group = parent and parent.make_child(f"slimgate-{os.getpid()}", chosen)
        if group is not None:
            group.hand_on()
            stack.callback(group.remove)
        yield Sandbox(version, chosen, group)


def _require_bubblewrap(scratch: Path, limits: Limits) -> str:
    """The version of a bubblewrap that works here; raises InputError."""
    if shutil.which("bwrap") is None:
        raise InputError(
            "bubblewrap is not installed, so that the suite's code cannot be confined",
            hint="apt-get install bubblewrap; or --no-sandbox for code that you trust",
        )
    said = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False)
    version = said.stdout.strip().rpartition(" ")[2]
    if _numbers(version) < OLDEST:
        raise InputError(
            f"bubblewrap {version} is too old: it cannot forbid namespaces to what it confines",
            hint="install 0.8 or newer (Debian 12, Ubuntu 24.04); or --no-sandbox for code that "
            "you trust",
        )
    command = sandbox_command(["true"], scratch, Access(), limits, (), count_user_threads())
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        raise InputError(
            f"bubblewrap does not work here: {tried.stderr.strip()[:300]}",
            hint="unprivileged user namespaces have to be allowed (docs/runners.md); "
            "or --no-sandbox for code that you trust",
        )
    return version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
