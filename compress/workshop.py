"""Where artifacts are made and measured: all that a command opens once and hands on."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from compress.sandbox.confinement import Sandbox
from compress.weights.published import Publisher
from compress.worker.process import Hear
from compress.worker.start import Workplace
from core.store import Store

Say = Callable[[str], None]
"""Tells people what goes on, a line at a time."""


def silent(text: str) -> None:
    """Says nothing."""
    del text


@dataclass(frozen=True)
class Workshop:
    """``scratch``: where workers' private folders are made; ``stage_timeout_s``: the time that one
    request to a worker may take; ``threads``: CPU threads of each library; ``sandbox``: None for
    code that is trusted; ``publisher``: where published weights come from; ``hear``: is told how
    training goes on.
    """

    store: Store
    scratch: Path
    stage_timeout_s: float
    threads: int
    sandbox: Sandbox | None = None
    publisher: Publisher | None = None
    say: Say = silent
    hear: Hear | None = None

    @property
    def workplace(self) -> Workplace:
        """Where workers run, each library with the same number of threads."""
        names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        return Workplace(self.scratch, dict.fromkeys(names, str(self.threads)), self.sandbox)


def default_threads() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))
