"""Requests to the workers of this package and their answers: schemas that both ends use.

A worker's module in ``in_worker/`` has ``handle(request: SCHEMA) -> SCHEMA``, by whose annotations
``compress.in_worker.main`` validates requests and sends answers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from compress.doctor.facts import GraphFacts
from core.quantities import Axis, Count, Measure, Seed
from core.schema import StrictModel

Shape = tuple[Axis, ...]
"""(N, C, H, W); -1 where an axis is free."""


class SuiteRequest(StrictModel):
    """The side of a suite that a worker uses."""

    dialect: str = Field(description="The suite's name in compress.suites.")
    code: Path | None = Field(description="Folder of its packages; None for the installed ones.")
    data_dir: str = Field(description="The name of the data folder in its configs.")
    data: Path | None = Field(description="The real folder behind that name, if there is one.")


class ExportRequest(StrictModel):
    """Asks ``compress.in_worker.export`` for an inference model in ``out``."""

    suite: SuiteRequest
    resolved: dict[str, Any] = Field(description="The resolved model config.")
    weights: Path | None = Field(description="A checked file; None for initial weights.")
    shape: Shape
    output_op: str
    out: Path


class OutlineRequest(StrictModel):
    """Asks ``compress.in_worker.outline`` what a model config is exported to."""

    suite: SuiteRequest
    resolved: dict[str, Any] = Field(description="The resolved model config.")
    shape: Shape
    output_op: str


class CompressRequest(StrictModel):
    """Asks ``compress.in_worker.compress`` for one step of a recipe, in ``out``."""

    suite: SuiteRequest
    model: Path = Field(description="Folder of the model to compress.")
    teacher: Path = Field(description="Folder of the model that training learns from.")
    method: str = Field(description="A name in compress.methods.")
    sections: dict[str, Any] = Field(description="The normalised sections of the recipe's step.")
    op_types: tuple[str, ...] = Field(description="The op types that the whole recipe quantises.")
    quantises: bool = Field(description="Whether this step quantises.")
    data_config: dict[str, Any] | None = Field(description="None for synthetic batches.")
    shape: Shape
    seed: Seed
    out: Path


class DistanceRequest(StrictModel):
    """Asks ``compress.in_worker.distance`` how far the outputs of two models differ."""

    suite: SuiteRequest
    before: Path
    after: Path
    data_config: dict[str, Any] | None = Field(description="None for synthetic batches.")
    shape: Shape
    seed: Seed


class Distance(StrictModel):
    """The answer: 0 for equal outputs; see ``compress.in_worker.distance`` for the formula."""

    distance: Measure = Field(ge=0)


class InspectRequest(StrictModel):
    """Asks ``compress.in_worker.inspect`` for the contents of an exported program."""

    model: Path


class Inspection(StrictModel):
    """The answer. ``nodes``: candidates for distillation with their shapes; ``feeds``: shapes of
    the inputs; ``ops``: counts by type; ``quantised``: op types whose inputs carry quantisation
    ops.
    """

    nodes: tuple[tuple[str, Shape], ...]
    feeds: dict[str, Shape]
    ops: dict[str, Count]
    quantised: tuple[str, ...]
    facts: GraphFacts


class RangesRequest(StrictModel):
    """Asks ``compress.in_worker.ranges`` which ops of a model have ranges for int8."""

    model: Path


class OpWithoutRanges(StrictModel):
    """An op that TensorRT cannot run in int8: ``output`` is the tensor that it writes."""

    op_type: str
    output: str
    reason: str


class Ranges(StrictModel):
    """By op type, how many convolutions and matrix products have the ranges that TensorRT needs for
    int8, and their total; those that have none.
    """

    ops: dict[str, tuple[Count, Count]]
    without: tuple[OpWithoutRanges, ...]

    @property
    def counts(self) -> tuple[int, int]:
        """How many have ranges, and their total."""
        return sum(ranged for ranged, _ in self.ops.values()), sum(n for _, n in self.ops.values())

    def __str__(self) -> str:
        """``TensorRT can run 47 of 48 convolutions and matrix products in int8 (SG307)``."""
        ranged, total = self.counts
        told = f"TensorRT can run {ranged} of {total} convolutions and matrix products in int8"
        return told if ranged == total else f"{told} (SG307)"


class HelloRequest(StrictModel):
    """Asks ``compress.in_worker.hello`` whether Paddle and its companions load."""


class Hello(StrictModel):
    """The answer: versions; TensorRT's are zeros if it is not available. ``gpus``: how many CUDA
    finds, which starts it.
    """

    paddle: str
    gpus: Count = 0
    tensorrt_built: tuple[Count, ...]
    tensorrt_found: tuple[Count, ...]
