"""The plan: which configs a change affects, why, and what has to run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bench.candidate import Candidate
from bench.job import Job
from compress.manifest import Budget, KindName, RunnerKind
from compress.suites.dialect import Impact
from core.quantities import Cores, Count, Line
from core.schema import StrictModel

Change = Literal["modified", "added", "removed", "repaired", "code"]
REQUESTED = "the request"
"""Stands in place of a file where a case runs that no file affects."""


class Reason(StrictModel):
    """A changed file, and the chain of files through which it reaches the config. ``uses_it``: for
    code, the class that the config names and that uses what differs, if it is one by itself.
    """

    changed: str
    via: tuple[str, ...] = ()
    uses_it: str | None = None

    def __str__(self) -> str:
        """``models/stdc.py (STDC1)``."""
        return f"{self.changed} ({self.uses_it})" if self.uses_it else self.changed


class BadInput(StrictModel):
    """Why the suite cannot load a config on head: the file that holds the error (the config or one
    that it inherits from), the key, what is wrong. ``before``: base could not be loaded either, so
    that this change is not to blame.
    """

    file: str
    key: str | None
    message: str
    before: bool = False

    @property
    def reason(self) -> str:
        """In words, without the file."""
        start = "broken before this change" if self.before else "bad input"
        return f"{start}: {f'{self.key}: ' if self.key else ''}{self.message}"


class KeyChange(StrictModel):
    """A dotted key with its values on base and head as JSON, None where it is absent; the changed
    file that says so, and the line on head, if it is there.
    """

    key: str
    before: str | None
    after: str | None
    file: str | None = None
    line: Line | None = None

    def __str__(self) -> str:
        """``log_iter: 20 → 21``."""
        return f"{self.key}: {self.before or 'absent'} → {self.after or 'absent'}"

    @property
    def place(self) -> str:
        """``configs/runtime.yml:3``; empty if no file is known."""
        return ":".join(str(part) for part in (self.file, self.line) if part is not None)


class Affected(StrictModel):
    """A config whose resolved content differs, or (``change`` is ``code``) one that can use code
    which differs. One that the suite could not load on base is ``repaired``. ``keys`` are the
    dotted paths of what differs. ``problem``: why the suite cannot load it on head, if it cannot.
    ``changes``: of the first keys; ``code_impacts``: what code that differs can decide, if it uses
    any. ``more_reasons`` and ``more_keys``: how many are left out of the
    lists.
    """

    config: str
    change: Change
    reasons: tuple[Reason, ...]
    keys: tuple[str, ...]
    impact: Impact
    problem: BadInput | None = None
    changes: tuple[KeyChange, ...] = ()
    code_impacts: tuple[Impact, ...] = ()
    more_reasons: Count = 0
    more_keys: Count = 0


class ChangedLine(StrictModel):
    """A line of head that replaces the line ``before`` of base. ``line`` counts from 1."""

    file: str
    line: Line
    text: str
    before: str


class Skipped(StrictModel):
    """A config or case that is affected or was requested, and does not run.

    ``needed``: it should run, so that the gate must not pass without it.
    """

    config: str | None = None
    case: str | None = None
    reason: str
    needed: bool = False


class Plan(StrictModel):
    """What ``slimgate plan`` shows and ``slimgate run`` does. ``base`` and ``head`` are commits;
    ``manifest_name`` and ``data`` are the values for ``--suite`` and ``--data``. ``runners``: what
    runners measure, by kind; ``runtimes``: those of base and of head, where one commit is measured
    in two. ``candidates``: models whose programs tell whether changed code affects them, which is
    looked at before any job. ``code_changes``
    are changed files that workers would run; ``unknown_words`` are what changed configs say beyond
    data; ``held`` says why nothing may run yet.
    """

    schema_: Literal["slimgate.plan/1"] = Field("slimgate.plan/1", alias="schema")
    suite: str
    dialect: str
    manifest: str
    manifest_name: str
    repo: str
    base: str
    head: str
    data_dir: str
    runners: dict[KindName, RunnerKind] = Field(default_factory=dict)
    runtimes: tuple[str, str] | None = None
    data: str | None = None
    threads: Cores
    budget_name: Literal["quick", "full"]
    budget: Budget
    affected: tuple[Affected, ...]
    jobs: tuple[Job, ...]
    candidates: tuple[Candidate, ...] = ()
    skipped: tuple[Skipped, ...]
    code_changes: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    held: str | None = None
    changed_lines: tuple[ChangedLine, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether there is anything to do on runners."""
        return bool(self.jobs or self.candidates)
