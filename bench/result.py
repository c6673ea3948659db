"""What a job measured: raw samples and circumstances, never deltas or prose."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bench.fingerprint import Fingerprint
from bench.job import Side
from compress.doctor.facts import DataFacts, GraphFacts
from compress.errors import FailureKind, JobFailure
from compress.schema import StrictModel

Round = Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)]
"""Milliseconds of the runs of one turn."""


class NotMeasured(StrictModel):
    """Why there is no number where one could be."""

    status: Literal["not measured"] = "not measured"
    reason: str


class Accuracy(StrictModel):
    """``value`` from 0 to 1; ``statistics`` is the folder of per-image statistics next to the
    result; ``chance`` is what ignoring the input would reach.
    """

    status: Literal["measured"] = "measured"
    metric: str
    value: float = Field(ge=0, le=1)
    images: int = Field(gt=0)
    chance: float = Field(ge=0, le=1)
    statistics: str
    cached: bool


class Latency(StrictModel):
    """``rounds_ms``: milliseconds by round and run; rounds line up between all variants."""

    target: str
    rounds_ms: Annotated[tuple[Round, ...], Field(min_length=1)]
    warmup_runs: int
    peak_memory_bytes: int = Field(gt=0)


class KernelTimes(StrictModel):
    """Milliseconds of one inference by one thread or more: in all, in oneDNN's convolutions and
    products, in those for which it has only its reference kernel (``reference`` counts them), and
    in conversions between types and layouts.
    """

    total_ms: float = Field(gt=0)
    computing_ms: float = Field(ge=0)
    converting_ms: float = Field(ge=0)
    reference_ms: float = Field(ge=0)
    reference: int = Field(ge=0)


class PrecisionProof(StrictModel):
    """By op type: how many ops really run in ``precision``, and how many there are; and where the
    time goes.
    """

    precision: str
    op_types: tuple[str, ...]
    ops: dict[str, tuple[int, int]]
    kernels: KernelTimes | None = None

    @property
    def convolutions(self) -> tuple[int, int]:
        """How many convolutions run in ``precision``, and how many there are."""
        counts = [count for op_type, count in self.ops.items() if "conv" in op_type]
        return sum(low for low, _ in counts), sum(every for _, every in counts)


class ArtifactFacts(StrictModel):
    """The inference model that was measured; ``losses`` are what training minimised, by step;
    ``data`` is what the doctor wants to know of the images that it was compressed with.
    """

    content_hash: str
    size_bytes: int = Field(gt=0)
    cached: bool
    method: str
    trained_op_types: tuple[str, ...]
    remarks: tuple[str, ...]
    losses: tuple[float, ...] = ()
    data: DataFacts | None = None


class Measured(StrictModel):
    """A variant that was measured; ``same_as`` names the variant with the same artifact whose
    latency this is.
    """

    status: Literal["measured"] = "measured"
    side: Side
    recipe: str
    artifact: ArtifactFacts
    accuracy: Annotated[Accuracy | NotMeasured, Field(discriminator="status")]
    latency: Latency
    proof: PrecisionProof | None
    same_as: str | None


class Failed(StrictModel):
    """A variant that a failure stopped, at which stage and why; ``log_tail`` is untrusted."""

    status: Literal["failed"] = "failed"
    side: Side
    recipe: str
    stage: str
    kind: FailureKind
    message: str
    log_tail: str


VariantResult = Annotated[Measured | Failed, Field(discriminator="status")]


class Picture(StrictModel):
    """One validation image with its predictions; PNG files next to the result."""

    title: str
    panels: dict[str, str]


class JobResult(StrictModel):
    """All variants of one job on one machine. ``weights`` says what the model was built with;
    ``graph`` is what the doctor wants to know of head's export.
    """

    schema_: Literal["slimgate.result/1"] = Field("slimgate.result/1", alias="schema")
    job: str
    base: str
    head: str
    fingerprint: Fingerprint
    weights: Literal["trained", "initial"]
    data: Literal["suite", "synthetic"]
    variants: tuple[VariantResult, ...]
    pictures: tuple[Picture, ...]
    duration_s: float
    stage_s: dict[str, float]
    graph: GraphFacts | None = None


def variant_name(side: str, recipe: str) -> str:
    """``head fp32``: how a variant is named in results."""
    return f"{side} {recipe}"


def failed_variant(side: Side, recipe: str, failure: JobFailure) -> Failed:
    """The failure as data."""
    return Failed(
        side=side,
        recipe=recipe,
        stage=failure.stage,
        kind=failure.kind,
        message=failure.message,
        log_tail=failure.log_tail,
    )
