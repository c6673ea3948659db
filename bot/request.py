"""What is to be measured, from an event to the jobs that do it: made by the gate, trusted after."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from compress.schema import StrictModel

Commit = Field(pattern="^[0-9a-f]{40}$")


class AcceptedModel(StrictModel):
    """A regression of this model may pass, as ``author`` says for a reason."""

    model: str
    reason: str
    author: str


class RunRequest(StrictModel):
    """One run. ``number`` is the pull request, None for the default branch. ``head`` is the commit
    to measure; it is compared with where it left ``base``, a branch of the suite's repository, or
    with ``against``, a revision that a maintainer named. ``models`` are names or patterns;
    ``everything`` runs what is not affected too. ``reviewed``: a maintainer named this very
    commit, so that changed code may run. ``accepted``: regressions to let pass; with origin
    ``acceptance`` nothing is measured, and the results of ``results_run`` are judged again.
    """

    schema_: Literal["slimgate.request/1"] = Field("slimgate.request/1", alias="schema")
    origin: Literal["push", "command", "acceptance", "branch"]
    number: int | None
    base: str
    head: str = Commit
    against: str | None = None
    models: tuple[str, ...] = ()
    everything: bool = False
    recipe: str | None = None
    runners: tuple[str, ...] = ()
    budget: Literal["quick", "full"] = "quick"
    reviewed: bool = False
    accepted: tuple[AcceptedModel, ...] = ()
    results_run: int | None = None
