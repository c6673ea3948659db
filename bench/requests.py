"""Schemas of the requests to measuring workers and of their answers; both ends use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bench.engines.base import Library
from bench.engines.calls import Call
from bench.engines.proof import ProofOf
from bench.proven import KernelTimes, TensorRtEngines
from bench.result import Picture, Round
from compress.worker.requests import Shape, SuiteRequest
from core.quantities import Count, Size, SomeBytes, SomeCount
from core.schema import StrictModel

MAX_PICTURES = 3
PREDICTIONS = "predictions"
"""The folder of an accuracy's entry in the store to which its worker may write."""


class Configured(StrictModel):
    """A model's folder with the library that runs it and the calls that configure it.
    ``shape_ranges``: the file with the ranges of all shapes, for targets that need them;
    ``engines``: the folder with the engines that were built for the model.
    """

    model: Path
    library: Library = "paddle"
    calls: tuple[Call, ...]
    shape_ranges: Path | None = None
    engines: Path | None = None


class AccuracyRequest(StrictModel):
    """Asks ``bench.in_worker.accuracy`` for predictions in ``out``."""

    suite: SuiteRequest
    engine: Configured
    resolved: dict[str, Any] = Field(description="The resolved config by which images are read.")
    images: tuple[Path, ...] = Field(description="The images, without what they are scored by.")
    out: Path


class Predicted(StrictModel):
    """The answer: the number of images with predictions."""

    images: SomeCount


class LoadRequest(StrictModel):
    """Asks ``bench.in_worker.latency`` to load a model and run it once on noise."""

    do: Literal["load"] = "load"
    engine: Configured
    shape: Shape


class BuildRequest(StrictModel):
    """Asks to build the model's engines into the folder ``out`` and to run them once."""

    do: Literal["build"] = "build"
    engine: Configured
    shape: Shape
    out: Path


class Built(StrictModel):
    """The answer to ``build``, once the engines are written."""


class Loaded(StrictModel):
    """The answer to ``load``."""


class TimeRequest(StrictModel):
    """Asks to time ``runs`` inferences of the loaded model."""

    do: Literal["run"] = "run"
    runs: SomeCount


class Turn(StrictModel):
    """The answer to ``run``: milliseconds of each run, and the worker's peak memory."""

    samples_ms: Round
    peak_memory_bytes: SomeBytes


class ProveRequest(StrictModel):
    """Asks which ops of the optimised program run in a low precision."""

    do: Literal["prove"] = "prove"
    engine: Configured
    shape: Shape
    proof: ProofOf


class Proven(StrictModel):
    """The answer to ``prove``: see ``bench.proven.PrecisionProof``."""

    ops: dict[str, tuple[Count, Count]]
    kernels: KernelTimes | None
    tensorrt: TensorRtEngines | None = None


class PicturesRequest(StrictModel):
    """Asks ``bench.in_worker.pictures`` to draw where two folders of predictions disagree."""

    job: str
    before: Path
    after: Path
    out: Path


class Drawn(StrictModel):
    """The answer: pictures with file names below ``out``."""

    pictures: tuple[Picture, ...] = Field(max_length=MAX_PICTURES)


class ShapesRequest(StrictModel):
    """Asks ``bench.in_worker.collect_shapes`` to write the ranges of all shapes to ``out``."""

    model: Path
    sizes: tuple[Size, ...] = Field(description="Heights and widths of images.")
    batch: SomeCount
    out: Path


class DataShapesRequest(StrictModel):
    """Asks ``bench.in_worker.collect_data_shapes`` to write the ranges of all shapes that occur
    while the images are evaluated.
    """

    suite: SuiteRequest
    model: Path
    resolved: dict[str, Any] = Field(description="The resolved config by which images are read.")
    images: tuple[Path, ...]
    out: Path


class OutgrowRequest(StrictModel):
    """Asks ``bench.in_worker.outgrow`` to run a model on shapes, of which the last is outside of
    the engine's ranges.
    """

    engine: Configured
    shapes: tuple[Shape, ...]


class Outgrew(StrictModel):
    """The answer: whether Paddle wrote the file of ranges anew."""

    rewritten: bool


class ConvertRequest(StrictModel):
    """Asks ``bench.in_worker.convert`` to write the model for OpenVINO into the folder ``out``."""

    model: Path
    out: Path


class Converted(StrictModel):
    """The answer, once the files are written."""


class Collected(StrictModel):
    """The answer, once the file is written."""
