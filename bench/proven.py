"""How the precision that a model runs in was proven: counts of ops, and where its time goes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.quantities import Count, LatencyMs, ShareMs
from core.schema import StrictModel
from core.texts import MAX_NAMES, Name, Names


class KernelTimes(StrictModel):
    """Milliseconds of one inference, on one thread or more: in all; in oneDNN's convolutions and
    matrix products (``computing_ms``); in those of them that only its slow reference kernels
    compute (``reference_ms``; ``reference`` counts them); and in conversions between types and
    layouts (``converting_ms``). ``fallback_ms``: by oneDNN's name of other primitives, such as
    ``softmax``, in its reference kernels for them.
    """

    total_ms: LatencyMs
    computing_ms: ShareMs
    converting_ms: ShareMs
    reference_ms: ShareMs
    reference: Count
    fallback_ms: Annotated[dict[Name, ShareMs], Field(max_length=MAX_NAMES)] = Field(
        default_factory=dict
    )


class TensorRtEngines(StrictModel):
    """``engines``: how many TensorRT engines the model was split into; ``dynamic``: whether they
    take more than one shape; ``outside``: by type, how many ops run outside them; ``layers``: by
    the precision that TensorRT says it runs them in, how many layers they have; ``loaded``: whether
    the engines that were built once for the model run, rather than some that each process builds.
    """

    engines: Count
    dynamic: bool
    outside: Annotated[dict[Name, Count], Field(max_length=MAX_NAMES)]
    layers: Annotated[dict[Name, Count], Field(max_length=MAX_NAMES)]
    loaded: bool = False

    def __str__(self) -> str:
        """``2 engines of TensorRT; outside of them 1 slice; layers: 40 Int8, 3 Half``."""
        anew = "" if self.loaded else ", built anew by each process"
        parts = [f"{self.engines} engine{'s' if self.engines != 1 else ''} of TensorRT{anew}"]
        if self.outside:
            parts.append(f"outside of them {_counted(self.outside)}")
        parts.append(f"layers: {_counted(self.layers) or 'not described'}")
        return "; ".join(parts)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


class PrecisionProof(StrictModel):
    """``ops``: by op type, how many ops really run in ``precision``, and their total; on TensorRT
    in int8, how many have ranges for it. ``kernels``: where the time goes on oneDNN; ``tensorrt``:
    how TensorRT runs the model.
    """

    precision: Name
    op_types: Names
    ops: Annotated[dict[Name, tuple[Count, Count]], Field(max_length=MAX_NAMES)]
    kernels: KernelTimes | None = None
    tensorrt: TensorRtEngines | None = None

    def built_anew(self) -> PrecisionProof:
        """The proof of a model whose engines are not those that were proven."""
        if self.tensorrt is None:
            return self
        engines = self.tensorrt.model_copy(update={"loaded": False})
        return self.model_copy(update={"tensorrt": engines})

    @property
    def convolutions(self) -> tuple[int, int]:
        """How many convolutions run in ``precision``, and their total."""
        counts = [count for op_type, count in self.ops.items() if "conv" in op_type]
        return sum(low for low, _ in counts), sum(total for _, total in counts)
