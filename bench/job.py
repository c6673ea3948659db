"""A job: one case of a plan, with everything that measuring it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.variant import FP32, Side, Variant
from compress.manifest import Budget, Gate, Published, Weights
from core.schema import StrictModel


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

    def variants(self) -> Iterator[Variant]:
        """What a complete result holds: fp32 and the recipe on each side that has it."""
        for side, spec in self.sides.items():
            yield Variant(side, FP32)
            if spec.recipe is not None:
                yield Variant(side, self.recipe)


@dataclass(frozen=True)
class JobSettings:
    """What all jobs of a plan share. ``data``: the folder that stands for the suite's ``data_dir``;
    ``weights_folder``: what paths of weights are relative to.
    """

    base: str
    head: str
    dialect: str
    data_dir: str
    data: Path | None
    weights_folder: Path
    budget: Budget
