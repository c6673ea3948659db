"""The plan: which models a change affects and what is to be run for them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from compress.manifest import Budget, Gate, Published, Weights
from compress.schema import StrictModel
from compress.suites.base import Impact

FP32 = "fp32"
Side = Literal["base", "head"]
Change = Literal["modified", "added", "removed"]


class Reason(StrictModel):
    """A changed file, and the chain of files through which it reaches the config."""

    changed: str
    via: tuple[str, ...] = ()


class Affected(StrictModel):
    """A config whose resolved content differs; ``keys`` are the dotted paths that do."""

    config: str
    change: Change
    reasons: tuple[Reason, ...]
    keys: tuple[str, ...]
    impact: Impact


class ChangedLine(StrictModel):
    """A line of head that stands where base had ``before``. ``line`` counts from 1."""

    file: str
    line: int
    text: str
    before: str


class Skipped(StrictModel):
    """A config or case that is affected, or was asked for, and is not run.

    ``needed``: it should have been, so that the gate must not pass without it.
    """

    config: str | None = None
    case: str | None = None
    reason: str
    needed: bool = False


class SideSpec(StrictModel):
    """One side of a job: resolved contents. ``recipe`` is None if the side lacks the recipe, and
    ``recipe_text`` is what its file says;
    ``data_config`` is what training data and evaluation are read from; ``code`` changes with
    the suite's code.
    """

    commit: str
    config: dict[str, Any]
    recipe: dict[str, Any] | None
    recipe_text: str | None = None
    data_config: dict[str, Any]
    code: str = ""


class Job(StrictModel):
    """A case on this runner: one model with one recipe, on both sides of the change.

    ``base_problem`` says why there is no base side, if there is none.
    """

    id: str
    model: str
    recipe: str
    config_file: str
    recipe_file: str | None
    sides: dict[Side, SideSpec]
    weights: Weights | None
    input_shape: tuple[int, ...]
    dynamic_shape: bool = False
    output_op: str
    delete_passes: tuple[str, ...]
    gate: Gate
    published: tuple[Published, ...]
    because: tuple[str, ...]
    base_problem: str | None


class Plan(StrictModel):
    """What ``slimgate plan`` says and ``slimgate run`` does. ``base`` and ``head`` are commits;
    ``manifest_name`` and ``data`` are what ``--suite`` and ``--data`` were given. ``code_changes``
    are changed files that workers would run; ``held`` says why nothing may run yet.
    """

    schema_: Literal["slimgate.plan/1"] = Field("slimgate.plan/1", alias="schema")
    suite: str
    dialect: Literal["paddleseg", "paddledet"]
    manifest: str
    manifest_name: str
    repo: str
    base: str
    head: str
    data_dir: str
    data: str | None = None
    threads: int
    budget_name: Literal["quick", "full"]
    budget: Budget
    affected: tuple[Affected, ...]
    jobs: tuple[Job, ...]
    skipped: tuple[Skipped, ...]
    code_changes: tuple[str, ...] = ()
    held: str | None = None
    changed_lines: tuple[ChangedLine, ...] = ()
