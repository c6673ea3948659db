"""A job: one case of a plan with everything needed to measure it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from bench.variant import FP32, Side, Variant
from compress.manifest import Budget, Gate, Published, RunnerKind, TargetOptions, Weights
from compress.runtimes.runtime import Runtime
from core.quantities import Axis
from core.schema import StrictModel

JobId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=201)]
"""MODEL.RECIPE; files and folders are named after it."""


class SideSpec(StrictModel):
    """One side of a job, with the resolved contents of its files. ``recipe``: None if the side
    lacks the recipe; ``recipe_text``: the text of its file; ``data_config``: the config by which
    training and evaluation data are read; ``data_file``: its file; ``input_shape``: (N, C, H, W) at
    which the side is exported and timed; ``code`` changes with the suite's code. ``change`` names
    the change that the commit belongs to: what is made from it is read by that change's runs only;
    None if the commit is part of the base branch.
    """

    commit: str
    config: dict[str, Any]
    recipe: dict[str, Any] | None
    recipe_text: str | None = None
    data_config: dict[str, Any]
    data_file: str = ""
    input_shape: tuple[Axis, ...]
    code: str = ""
    change: str | None = None


class Job(StrictModel):
    """A case on this runner: one model with one recipe, on both sides of the change.

    ``base_problem``: why the base side is missing; None if it is present. ``only_by_code``: code
    alone affects it, so that it need not run if a candidate's program settles that.
    ``recounted``: keys that decide what an accuracy counts and differ between the sides.
    ``targets``: options by target, or by ``DEVICE-ENGINE``.
    """

    id: JobId
    model: str
    recipe: str
    config_file: str
    recipe_file: str | None
    sides: dict[Side, SideSpec]
    weights: Weights | None
    dynamic_shape: bool = False
    output_op: str
    delete_passes: tuple[str, ...]
    targets: dict[str, TargetOptions] = Field(default_factory=dict)
    gate: Gate
    published: tuple[Published, ...]
    because: tuple[str, ...]
    base_problem: str | None
    only_by_code: bool = False
    recounted: tuple[str, ...] = ()

    def variants(self) -> Iterator[Variant]:
        """The variants of a complete result: fp32 on each side, and the recipe where present."""
        for side, spec in self.sides.items():
            yield Variant(side, FP32)
            if spec.recipe is not None:
                yield Variant(side, self.recipe)


@dataclass(frozen=True)
class JobSettings:
    """The settings that all jobs of a plan share. ``data``: the real folder behind ``data_dir``,
    which is the suite's name for it; ``weights_folder``: paths of weights are relative to it;
    ``kind``: what this runner measures. ``runtimes``: of sides that do not have the run's.
    """

    base: str
    head: str
    dialect: str
    data_dir: str
    data: Path | None
    weights_folder: Path
    budget: Budget
    kind: RunnerKind = field(default_factory=RunnerKind)
    runtimes: Mapping[Side, Runtime] = field(default_factory=dict)
