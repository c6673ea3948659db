"""What a command opens once in order to make and measure artifacts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from compress.runtimes.runtime import Runtime, own_runtime
from compress.sandbox.confinement import Sandbox
from compress.source import SuiteSource
from compress.weights.published import Publisher
from compress.worker.process import Hear
from compress.worker.start import Workplace
from core.store import Store

Say = Callable[[str], None]
"""Prints one line of progress for people."""


def silent(text: str) -> None:
    """Prints nothing."""
    del text


@dataclass(frozen=True)
class Workshop:
    """``scratch``: the parent of workers' private folders; ``stage_timeout_s``: time limit of one
    request to a worker; ``threads``: CPU threads of each library; ``sandbox``: None for trusted
    code; ``publisher``: where published weights come from; ``runtime``: the environment of workers;
    ``say`` prints progress; ``hear`` receives the steps that workers report while training.
    """

    store: Store
    scratch: Path
    stage_timeout_s: float
    threads: int
    sandbox: Sandbox | None = None
    publisher: Publisher | None = None
    runtime: Runtime = field(default_factory=own_runtime)
    say: Say = silent
    hear: Hear | None = None

    def for_change(self, change: str | None) -> Workshop:
        """The workshop in which a change's models are made, apart from those of all others."""
        return self if change is None else replace(self, store=self.store.for_change(change))

    def for_source(self, source: SuiteSource) -> Workshop:
        """The workshop of one side: in its change's store, with its runtime."""
        return replace(self.for_change(source.change), runtime=source.runtime)

    @property
    def workplace(self) -> Workplace:
        """The settings of workers, with the same number of threads for each library."""
        names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        threads = dict.fromkeys(names, str(self.threads))
        return Workplace(self.scratch, threads, self.sandbox, self.runtime)
