"""Facts for rules beside the recipe's text, from the earliest stage to the latest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from core.quantities import Axis, Count, Size
from core.schema import StrictModel


class GraphFacts(StrictModel):
    """An exported program. ``ops``: number of ops by type; ``candidates``: nodes to distil from;
    ``feeds``: shapes by input, -1 where a dimension is free; ``weights``: number of parameters;
    ``layers``: the suite's name by parameter; ``integer_weights``: weights that hold whole numbers
    only; ``vector_products``: one-dimensional weights of matrix products;
    ``candidate_shapes``: shapes of the candidates, -1 where a dimension is free.
    """

    ops: dict[str, Count]
    variables: tuple[str, ...]
    candidates: tuple[str, ...]
    feeds: dict[str, tuple[Axis, ...]]
    weights: Count = 0
    layers: dict[str, str] = Field(default_factory=dict)
    integer_weights: tuple[str, ...] = ()
    vector_products: tuple[str, ...] = ()
    candidate_shapes: dict[str, tuple[int, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class TargetFacts:
    """Where the model runs. ``op_types``: the op types quantised there; None: those of the recipe,
    with the names that fusion gives them. ``tensorrt``: version of TensorRT, zeros if Paddle was
    built without it. ``shape_range``: the least and the greatest (height, width) that TensorRT's
    dynamic shapes were collected on. ``ranges``: how many convolutions and matrix products have
    ranges for TensorRT's int8, and their total.
    """

    name: str
    op_types: tuple[str, ...] | None = None
    delete_passes: tuple[str, ...] = ()
    tensorrt: tuple[int, int, int] | None = None
    shape_range: tuple[tuple[int, int], tuple[int, int]] | None = None
    ranges: tuple[int, int] | None = None


class DataFacts(StrictModel):
    """``images``: number of images for calibration. Sizes are (height, width): those of calibration
    images, ``export_size`` (None with ``dynamic_shape``, where the export takes any size),
    ``fixed_size`` to which evaluation resizes every image (None if images keep their sizes), and
    ``image_sizes``, the extremes after its preprocessing. ``training`` and ``evaluation`` list the
    steps that normalise images.
    """

    images: Count | None = None
    calibration_sizes: tuple[Size, ...] = ()
    export_size: Size | None = None
    dynamic_shape: bool = False
    fixed_size: Size | None = None
    image_sizes: tuple[Size, ...] = ()
    training: tuple[str, ...] | None = None
    evaluation: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ResultFacts:
    """Measurements of a run. Accuracies and ``chance`` from 0 to 1, latencies in milliseconds;
    ``speedup``: 95 % interval of latency before divided by latency after, None if not known;
    ``low_precision`` of all ``convolutions`` run in int8; ``losses`` are those of training. Shares
    of the compressed model's time, from 0 to 1: ``computing`` in convolutions and products,
    ``converting`` between types, ``reference`` in convolutions with reference kernels, of which
    there are ``reference_kernels``, ``fallbacks`` in such kernels of other primitives of oneDNN.
    """

    accuracy_before: float | None = None
    accuracy_after: float | None = None
    chance: float = 0.0
    latency_before_ms: float | None = None
    latency_after_ms: float | None = None
    speedup: tuple[float, float] | None = None
    low_precision: int | None = None
    convolutions: int | None = None
    vnni: bool | None = None
    computing: float | None = None
    converting: float = 0.0
    reference: float = 0.0
    reference_kernels: int = 0
    fallbacks: Mapping[str, float] = field(default_factory=dict)
    losses: tuple[float, ...] = ()


@dataclass(frozen=True)
class FailureFacts:
    """The failure of a run: ``stage`` and ``kind`` as in ``core.errors.JobFailure``; ``log`` is the
    end of the worker's output.
    """

    stage: str
    kind: str
    message: str
    log: str = ""


@dataclass(frozen=True)
class Versions:
    """Installed versions, None where a library is absent."""

    paddle: str | None = None
    paddleslim: str | None = None
    numpy: str | None = None
