"""The sandbox of a run, opened once, and the confinement of each of its workers."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from compress.sandbox.access import Access, Limits, default_limits
from compress.sandbox.bubblewrap import sandbox_command
from compress.sandbox.cgroup import Group, find_parent
from compress.sandbox.covers import lay_covers
from compress.sandbox.group_names import own_name, remove_leftovers
from compress.sandbox.system_calls import open_filter
from compress.sandbox.watch import Consumption, Ending, count_user_threads, gibibytes, watching
from core.errors import InputError

OLDEST = (0, 8)


@dataclass(frozen=True)
class Sandbox:
    """Confines the workers of a run. ``group`` holds all of them; None without control groups."""

    version: str
    limits: Limits
    group: Group | None

    def describe(self) -> str:
        """The limits in force, as a phrase for logs."""
        if self.group is None:
            return f"bubblewrap {self.version}; memory and processes limited by polling"
        kind = f"cgroup v{self.group.version}"
        return f"bubblewrap {self.version}; memory and processes limited by {kind}"

    @contextmanager
    def confine(self, folder: Path, log: Path, access: Access) -> Iterator[Confinement]:
        """The sandbox of one worker in ``folder`` that logs to ``log``. It sees /usr and what
        ``access`` names, and needs its Python there.
        """
        name = f"worker-{secrets.token_hex(4)}"
        group = self.group and self.group.make_child(name, self.limits)
        try:
            covers = [cover for cover in access.covers if cover.is_within(access.reads)]
            seen = tuple(lay_covers(covers, folder.parent / "covers"))
            with open_filter() as refusals:
                yield Confinement(folder, log, access, self.limits, group, seen, refusals)
        finally:
            if group is not None:
                group.remove()


@dataclass
class Confinement:
    """The sandbox of one worker. ``seen``: folders, each with the place at which it is seen;
    ``refusals``: see ``sandbox_command``; it is read once.
    """

    folder: Path
    log: Path
    access: Access
    limits: Limits
    group: Group | None
    seen: tuple[tuple[Path, Path], ...] = ()
    refusals: int | None = None
    verdict: Ending = field(default_factory=Ending)

    def wrap(self, command: Sequence[str]) -> list[str]:
        """The command that runs ``command`` inside the sandbox."""
        entrances = self.group.entrances if self.group else ()
        return sandbox_command(
            command,
            self.folder,
            self.access,
            self.limits,
            groups=entrances,
            user_threads=0 if self.group else count_user_threads(),
            seen=self.seen,
            refusals=self.refusals,
        )

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What the command of ``wrap`` has to inherit."""
        return () if self.refusals is None else (self.refusals,)

    @contextmanager
    def watch(self, processes: Callable[[], list[int]], end: Callable[[], None]) -> Iterator[None]:
        """Calls ``end`` if the worker exceeds its limits within the block."""
        usage = self._usage(None if self.group else processes)
        with watching(usage, end) as self.verdict:
            yield

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Runs a short command to its end."""
        return subprocess.run(
            self.wrap(command),
            capture_output=True,
            text=True,
            check=False,
            pass_fds=self.descriptors,
        )

    def excess(self) -> str | None:
        """How the worker exceeded its limits, whether it was killed for that or not; else None."""
        reason = self.verdict.reason or self._usage(None).excess()
        if reason is None and self.group is not None and self.group.refusals()[0]:
            reason = f"the worker used more than {gibibytes(self.limits.memory_bytes)} of memory"
        return reason and f"{reason}; killed"

    def _usage(self, processes: Callable[[], list[int]] | None) -> Consumption:
        folders = (self.folder, *self.access.writes)
        return Consumption(folders, self.log, self.limits, processes)

    def refused(self) -> str:
        """What the kernel refused without killing the worker; empty if nothing."""
        if self.group is not None and self.group.refusals()[1]:
            return f"; the kernel refused it more than {self.limits.processes} processes"
        return ""


@contextmanager
def open_sandbox(scratch: Path, limits: Limits | None = None) -> Iterator[Sandbox]:
    """Opens a sandbox after a trial on this machine; raises InputError with the remedy if that
    fails.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    limits = limits or default_limits(scratch)
    version = _require_bubblewrap(scratch, limits)
    with ExitStack() as stack:
        parent = find_parent()
        if parent is not None:
            remove_leftovers(parent.folders.values())
        group = parent and parent.make_child(own_name(), limits)
        if group is not None:
            group.hand_on()
            stack.callback(group.remove)
        yield Sandbox(version, limits, group)


def _require_bubblewrap(scratch: Path, limits: Limits) -> str:
    """The version of a bubblewrap that works here; raises InputError."""
    if shutil.which("bwrap") is None:
        raise InputError(
            "bubblewrap is not installed, so the suite's code cannot be confined",
            hint="apt-get install bubblewrap, or give --no-sandbox for code that you trust",
        )
    answer = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.strip().rpartition(" ")[2]
    if _numbers(version) < OLDEST:
        raise InputError(
            f"bubblewrap {version} is too old: it cannot forbid namespaces inside the sandbox",
            hint="install 0.8 or newer (Debian 12, Ubuntu 24.04), or give --no-sandbox for code "
            "that you trust",
        )
    with open_filter() as refusals:
        confinement = Confinement(scratch, scratch, Access(), limits, None, refusals=refusals)
        trial = confinement.run(["true"])
    if trial.returncode:
        raise InputError(
            f"bubblewrap does not work here: {trial.stderr.strip()[:300]}",
            hint="allow unprivileged user namespaces (docs/runners.md), "
            "or give --no-sandbox for code that you trust",
        )
    return version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
