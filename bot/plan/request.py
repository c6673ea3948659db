"""What is to be measured, from an event to the jobs that do it: made by the gate, trusted after."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.schema import StrictModel

Commit = Field(pattern="^[0-9a-f]{40}$")
RUNNER = "^[a-z0-9][a-z0-9-]{0,29}$"
"""Kinds of runners: they become labels and names of folders."""
Kind = Annotated[str, Field(pattern=RUNNER)]


class AcceptedModel(StrictModel):
    """A regression of this model may pass, as ``author`` says for a reason."""

    model: str
    reason: str
    author: str


class RunRequest(StrictModel):
    """One run. ``number`` is the pull request, None for the default branch. ``head`` is the commit
    to measure; it is compared with ``base_commit``, where it left the branch ``base``, or what
    ``against`` names, a revision of a maintainer's choice; code that is not that of
    ``trusted_commit``, which the base branch has, waits for a maintainer. ``models`` are names or
    patterns; ``everything`` runs what is not affected too. It is measured on the kinds
    ``runners``, and not on those ``left_out``. ``reviewed``: a maintainer named this very
    commit, so that changed code may run. ``accepted``: regressions to let pass. With
    ``results_run``, that run's results are judged again and nothing is measured: for an
    acceptance, and for the history once the head was merged as the commit ``merged_as``.
    """

    schema_: Literal["slimgate.request/1"] = Field("slimgate.request/1", alias="schema")
    origin: Literal["push", "command", "acceptance", "branch", "merged"]
    number: int | None
    base: str
    head: str = Commit
    base_commit: str | None = Field(None, pattern="^[0-9a-f]{40}$")
    trusted_commit: str | None = Field(None, pattern="^[0-9a-f]{40}$")
    against: str | None = None
    models: tuple[str, ...] = ()
    everything: bool = False
    recipe: str | None = None
    runners: tuple[Kind, ...] = ()
    left_out: tuple[Kind, ...] = ()
    budget: Literal["quick", "full"] = "quick"
    reviewed: bool = False
    accepted: tuple[AcceptedModel, ...] = ()
    results_run: int | None = None
    merged_as: str | None = None
