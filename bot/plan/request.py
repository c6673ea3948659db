"""The request for a run: the gatekeeper makes it from an event, and later steps trust it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from compress.manifest import KindName
from core.schema import StrictModel

Commit = Field(pattern="^[0-9a-f]{40}$")


class AcceptedModel(StrictModel):
    """A model whose regression may pass: ``author`` said so, for a ``reason``."""

    model: str
    reason: str
    author: str


class RunRequest(StrictModel):
    """One run.

    ``number`` is the pull request, None for the default branch and for the merge queue. ``head``
    is the commit to measure. ``base_commit`` is compared with it: the merge base with the branch
    ``base``, the commit that a group of the merge queue adds to, or the revision ``against`` that a
    maintainer named. If code differs from ``trusted_commit``, a commit of the base branch, the run
    waits for a maintainer, unless ``reviewed`` says that a maintainer named this very head.
    ``models`` are names or patterns; ``everything`` also runs what is not affected. ``runners`` are
    the kinds of runners that measure, ``left_out`` those that do not. ``accepted``
    are regressions to let pass. With ``runtimes``, the head is measured in both, as base in the
    first. With ``results_run``, the results of that workflow run are judged
    again and nothing is measured: for an acceptance, or for the history after the head was merged
    as the commit ``merged_as``.
    """

    schema_: Literal["slimgate.request/1"] = Field("slimgate.request/1", alias="schema")
    origin: Literal["push", "command", "acceptance", "branch", "merged", "queue"]
    number: int | None
    base: str
    head: str = Commit
    base_commit: str | None = Field(None, pattern="^[0-9a-f]{40}$")
    trusted_commit: str | None = Field(None, pattern="^[0-9a-f]{40}$")
    against: str | None = None
    runtimes: tuple[str, str] | None = None
    models: tuple[str, ...] = ()
    everything: bool = False
    recipe: str | None = None
    runners: tuple[KindName, ...] = ()
    left_out: tuple[KindName, ...] = ()
    budget: Literal["quick", "full"] = "quick"
    reviewed: bool = False
    accepted: tuple[AcceptedModel, ...] = ()
    results_run: int | None = None
    merged_as: str | None = None

    @property
    def compares(self) -> str | None:
        """What a comparison for information is about, which has no part in the check; None for any
        other run.
        """
        if self.runtimes is not None:
            return f"runtime {self.runtimes[1]}"
        return self.against
