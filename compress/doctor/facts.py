"""What rules may know beside the recipe's text, from the earliest stage to the latest."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from core.schema import StrictModel


class GraphFacts(StrictModel):
    """An exported program. ``ops`` counts by type; ``candidates`` are nodes to distil from;
    ``feeds`` are shapes by input, -1 where a dimension is free;
    ``weights`` is the number of parameters; ``layers`` are the suite's names of parameters.
    """

    ops: dict[str, int]
    variables: tuple[str, ...]
    candidates: tuple[str, ...]
    feeds: dict[str, tuple[int, ...]]
    weights: int = 0
    layers: dict[str, str] = Field(default_factory=dict)
    integer_weights: tuple[str, ...] = ()
    vector_products: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetFacts:
    """Where the model is to run. ``op_types``: what is quantised there; None: what was trained,
    with the names that fusion gives it. ``shape_range``: the least and the greatest (height, width)
    that TensorRT's dynamic shapes were collected on.
    """

    name: str
    op_types: tuple[str, ...] | None = None
    delete_passes: tuple[str, ...] = ()
    tensorrt: tuple[int, int, int] | None = None
    shape_range: tuple[tuple[int, int], tuple[int, int]] | None = None


class DataFacts(StrictModel):
    """``images`` calibrate; ``calibration_sizes`` and ``export_size`` are (height, width), the
    latter None with ``dynamic_shape``, where the export takes any; ``fixed_size`` is what
    evaluation's preprocessing always makes, None if images keep theirs; ``image_sizes`` are the
    extremes of what it makes.
    ``training`` and ``evaluation`` say how each normalises images, step by step.
    """

    images: int | None = None
    calibration_sizes: tuple[tuple[int, int], ...] = ()
    export_size: tuple[int, int] | None = None
    dynamic_shape: bool = False
    fixed_size: tuple[int, int] | None = None
    image_sizes: tuple[tuple[int, int], ...] = ()
    training: tuple[str, ...] | None = None
    evaluation: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ResultFacts:
    """What a run measured. Accuracies and ``chance`` from 0 to 1, latencies in milliseconds;
    ``speedup``: 95 % interval of the one latency divided by the other, None if not known;
    ``low_precision`` and ``convolutions`` count convolutions; ``losses`` are those of training.
    Of the compressed model's time, from 0 to 1: ``computing`` in convolutions and products,
    ``converting`` between types, ``reference`` in the so many ``reference_kernels``.
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
    losses: tuple[float, ...] = ()


@dataclass(frozen=True)
class FailureFacts:
    """What stopped a run: ``stage`` and ``kind`` as in ``core.errors.JobFailure``; ``log`` is
    the end of the worker's output.
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
