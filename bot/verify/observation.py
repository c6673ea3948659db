"""What was seen of models on the targets of one machine: the form of the record."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bench.fingerprint import Fingerprint
from bench.proven import PrecisionProof
from bench.result import GpuConditions, Stopped
from bench.stats import Interval
from core.quantities import Bytes, Count, Fraction, SomeBytes
from core.schema import StrictModel
from core.texts import Name, Remarks

MAX_OBSERVATIONS = 1000


class SeenGpu(StrictModel):
    """The GPU and its driver. ``capability``: its compute capability, as in ``8.6``."""

    name: Name
    capability: Name
    memory_bytes: Bytes
    driver: Name


class Observation(StrictModel):
    """One model on one target. ``dynamic``: whether it takes images of any size; ``accuracy``: None
    if it was not measured; ``speedup``: relative to the model on the same target with a fixed size,
    None for that one; ``ranges``: how many convolutions have ranges for TensorRT, as ``slimgate
    ranges`` counts them; ``failure``: what stopped the measurement.
    """

    model: Name
    target: Name
    dynamic: bool = False
    accuracy: Fraction | None = None
    images: Count = 0
    latency_ms: Interval | None = None
    speedup: Interval | None = None
    runs: Count = 0
    peak_memory_bytes: SomeBytes | None = None
    proof: PrecisionProof | None = None
    ranges: Count | None = None
    gpu: GpuConditions | None = None
    remarks: Remarks = ()
    failure: Stopped | None = None

    @property
    def name(self) -> str:
        """``MODEL on TARGET``."""
        return f"{self.model} on {self.target}{' with dynamic shape' if self.dynamic else ''}"


class Outgrown(StrictModel):
    """Whether Paddle rebuilt an engine for an image outside of its ranges, as its file of ranges
    shows; None if that failed, and then ``failure`` says how.
    """

    model: Name
    rebuilt: bool | None
    failure: Stopped | None = None


class HardwareRecord(StrictModel):
    """Everything that was seen on one machine. ``gpu``: None if the targets run on a processor;
    ``recorded``: the date and time (UTC), as in ``2026-01-31T12:00:00Z``.
    """

    schema_: Literal["slimgate.hardware/1"] = Field("slimgate.hardware/1", alias="schema")
    recorded: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
    gpu: SeenGpu | None
    fingerprint: Fingerprint
    targets: tuple[Name, ...]
    observations: Annotated[tuple[Observation, ...], Field(max_length=MAX_OBSERVATIONS)] = ()
    outgrown: Outgrown | None = None
