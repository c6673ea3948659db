"""The result of a job: raw samples and circumstances, never deltas or prose."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from bench.fingerprint import Fingerprint
from bench.proven import PrecisionProof
from bench.variant import Side, Variant
from compress.doctor.facts import DataFacts, GraphFacts
from core.errors import FailureKind, JobFailure
from core.quantities import (
    Bytes,
    Count,
    DurationS,
    Fraction,
    LatencyMs,
    Loss,
    SomeBytes,
    SomeCount,
)
from core.schema import StrictModel
from core.texts import MAX_NAMES, FilePath, LogTail, Message, Name, Names, Remark, Remarks

Round = Annotated[tuple[LatencyMs, ...], Field(min_length=1)]
"""Milliseconds of the runs of one turn."""

MAX_VARIANTS, MAX_STAGES, MAX_PICTURES, MAX_PANELS = 100, 100, 100, 20


class NotMeasured(StrictModel):
    """The reason why something was not measured, in a few words, and its details. ``blocking``:
    whether the gate must not pass until somebody cures it.
    """

    status: Literal["not measured"] = "not measured"
    reason: Message
    details: Message = ""
    blocking: bool = False


class Accuracy(StrictModel):
    """``value`` from 0 to 1; ``statistics``: the file of per-image statistics, relative to the
    result; ``chance``: the score of the best answer that ignores the image.
    """

    status: Literal["measured"] = "measured"
    metric: Name
    value: Fraction
    images: SomeCount
    chance: Fraction
    statistics: FilePath
    cached: bool


class GpuConditions(StrictModel):
    """The least and the greatest clock (MHz) and temperature (°C) of the GPU while it was timed;
    the rounds that were dropped because it throttled or was shared, by reason. ``memory_bytes``: of
    the GPU, that the model's process held after its last turn; None if the driver does not say.
    """

    clock_mhz: tuple[Count, Count]
    temperature_c: tuple[Count, Count]
    dropped_rounds: Annotated[dict[Name, Count], Field(max_length=MAX_NAMES)]
    memory_bytes: Bytes | None = None

    def __str__(self) -> str:
        """``1300 to 1380 MHz, 40 to 62 °C; 512 MiB``, and the rounds that were dropped."""
        clock, temperature = (
            f"{low} to {high} {unit}"
            for (low, high), unit in ((self.clock_mhz, "MHz"), (self.temperature_c, "°C"))
        )
        dropped = (f"{count} rounds dropped: {why}" for why, count in self.dropped_rounds.items())
        held = () if self.memory_bytes is None else (f"{self.memory_bytes / 2**20:.0f} MiB",)
        return "; ".join((f"{clock}, {temperature}", *held, *dropped))


class Latency(StrictModel):
    """``rounds_ms``: milliseconds by round and run; rounds line up between all variants. ``gpu``:
    None on a processor.
    """

    target: Name
    rounds_ms: Annotated[tuple[Round, ...], Field(min_length=1)]
    warmup_runs: Count
    peak_memory_bytes: SomeBytes
    gpu: GpuConditions | None = None


class Stopped(StrictModel):
    """The failure that stopped a part of a measurement; ``log_tail`` is untrusted."""

    status: Literal["failed"] = "failed"
    stage: Name
    kind: FailureKind
    message: Message
    log_tail: LogTail


def _status(part: Any) -> str:
    status = part.get("status") if isinstance(part, dict) else getattr(part, "status", None)
    return "failed" if status == "failed" else "measured"


_BY_STATUS = Discriminator(_status)
"""Tells a failure from a value that has no status, so that errors name the field at fault."""


class ArtifactFacts(StrictModel):
    """The inference model that was measured. ``losses``: of its training, by step; ``data``: facts
    for the doctor about the images that it was compressed with.
    """

    content_hash: Name
    size_bytes: SomeBytes
    cached: bool
    method: Name
    trained_op_types: Names
    remarks: Remarks
    losses: tuple[Loss, ...] = ()
    data: DataFacts | None = None


class Measured(StrictModel):
    """A variant whose model was made. Each part is a value or the reason why it is missing.
    ``same_as``: the variant with an equal model whose measurements these are; None if this variant
    was measured itself.
    """

    status: Literal["measured"] = "measured"
    side: Side
    recipe: str
    artifact: ArtifactFacts
    target: Name | None = None
    accuracy: Annotated[Accuracy | NotMeasured | Stopped, Field(discriminator="status")]
    latency: Annotated[
        Annotated[Latency, Tag("measured")] | Annotated[Stopped, Tag("failed")], _BY_STATUS
    ]
    proof: (
        Annotated[
            Annotated[PrecisionProof, Tag("measured")] | Annotated[Stopped, Tag("failed")],
            _BY_STATUS,
        ]
        | None
    )
    same_as: str | None

    @property
    def variant(self) -> Variant:
        return Variant(self.side, self.recipe)

    @property
    def target_name(self) -> str:
        """The target of its measurements; version 1 of the schema has it in the latency only."""
        return self.target or (self.latency.target if isinstance(self.latency, Latency) else "")

    @property
    def failures(self) -> tuple[Failed, ...]:
        """The failures of its parts; one that stopped several parts appears once."""
        parts = (self.proof, self.accuracy, self.latency)
        stopped = dict.fromkeys(part for part in parts if isinstance(part, Stopped))
        return tuple(
            Failed(side=self.side, recipe=self.recipe, **part.model_dump()) for part in stopped
        )


class Failed(StrictModel):
    """A variant that could not be made: stage and reason; ``log_tail`` is untrusted."""

    status: Literal["failed"] = "failed"
    side: Side
    recipe: str
    stage: Name
    kind: FailureKind
    message: Message
    log_tail: LogTail

    @property
    def variant(self) -> Variant:
        return Variant(self.side, self.recipe)


VariantResult = Annotated[Measured | Failed, Field(discriminator="status")]


class Picture(StrictModel):
    """One validation image with its predictions: PNG files next to the result, by panel."""

    title: Remark
    panels: Annotated[dict[Name, FilePath], Field(max_length=MAX_PANELS)]


class JobResult(StrictModel):
    """All variants of one job on one machine. ``weights``: the models' weights before compression;
    ``graph``: facts for the doctor about head's exported program; ``runtimes``: of the sides, where
    they were compared; ``recorded``: where the result comes from, if no runner measured it for this
    run. Version 1 of the schema has no partly measured variants.
    """

    schema_: Literal["slimgate.result/1", "slimgate.result/2"] = Field(
        "slimgate.result/2", alias="schema"
    )
    job: str
    base: str
    head: str
    fingerprint: Fingerprint
    weights: Literal["trained", "initial"]
    data: Literal["suite", "synthetic"]
    variants: Annotated[tuple[VariantResult, ...], Field(max_length=MAX_VARIANTS)]
    pictures: Annotated[tuple[Picture, ...], Field(max_length=MAX_PICTURES)]
    duration_s: DurationS
    stage_s: Annotated[dict[Name, DurationS], Field(max_length=MAX_STAGES)]
    graph: GraphFacts | None = None
    runtimes: dict[Side, Name] = Field(default_factory=dict)
    recorded: Message = ""


def failures_of(result: JobResult) -> tuple[Failed, ...]:
    """Failed variants, and failed parts of measured ones. Measurements that variants share count
    once.
    """
    failures: list[Failed] = []
    for variant in result.variants:
        if isinstance(variant, Failed):
            failures.append(variant)
        elif variant.same_as is None:
            failures += variant.failures
    return tuple(failures)


def failed_variant(variant: Variant, failure: JobFailure) -> Failed:
    """The result of a variant that could not be made."""
    return Failed(side=variant.side, recipe=variant.recipe, **_fields(failure))


def stopped(failure: JobFailure) -> Stopped:
    """The result of a part that a failure stopped."""
    return Stopped(**_fields(failure))


def _fields(failure: JobFailure) -> dict[str, Any]:
    return {
        "stage": failure.stage,
        "kind": failure.kind,
        "message": failure.message,
        "log_tail": failure.log_tail,
    }
