"""A model that changed code can affect: its exported program tells whether it does."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bench.job import Job
from bench.variant import Side
from compress.manifest import TargetOptions
from core.quantities import Axis, Count
from core.schema import StrictModel


class Origin(StrictModel):
    """Where one side comes from. ``change``: the change that the commit belongs to, None if it is
    part of the base branch.
    """

    commit: str
    change: str | None = None


class Candidate(StrictModel):
    """A model whose config is the same on both sides. ``definitions``: numbers of what differs and
    is used; ``settles``: equal programs leave nothing to measure, because what differs decides the
    network alone.
    """

    config_file: str
    config: dict[str, Any]
    sides: dict[Side, Origin]
    input_shape: tuple[Axis, ...]
    output_op: str
    dynamic_shape: bool = False
    targets: dict[str, TargetOptions] = Field(default_factory=dict)
    definitions: tuple[Count, ...] = ()
    settles: bool = False

    def exports(self, job: Job) -> bool:
        """Whether a job measures the program that is compared."""
        ours = (
            self.config_file,
            self.input_shape,
            self.output_op,
            self.dynamic_shape,
            self.targets,
        )
        shape = job.sides["head"].input_shape
        return ours == (job.config_file, shape, job.output_op, job.dynamic_shape, job.targets)
