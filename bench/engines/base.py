"""The interface of an inference engine: its configuration, its needs, the proof of precision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from core.schema import StrictModel

Device = Literal["cpu", "gpu"]
Precision = Literal["fp32", "fp16", "bf16", "int8"]
Argument = bool | int | str | tuple[str, ...]
"""A tuple stands for a set of op types."""


class Call(StrictModel):
    """One call on ``paddle.inference.Config``. With ``but_kernels``, a worker appends an argument:
    the op types of the model except those that these kernels run.
    """

    method: str
    arguments: tuple[Argument, ...] = ()
    but_kernels: tuple[str, ...] = ()


@dataclass(frozen=True)
class EngineOptions:
    """``threads``: CPU threads; ``op_types``: quantised at inference (empty: every op type);
    ``left_out``: graph passes (named ``…_pass``) and kernels that must not run.
    """

    precision: Precision
    threads: int
    op_types: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def passes(self) -> tuple[str, ...]:
        """The graph passes that are left out."""
        return tuple(name for name in self.left_out if name.endswith("_pass"))

    @property
    def kernels(self) -> tuple[str, ...]:
        """The kernels that are left out."""
        return tuple(name for name in self.left_out if not name.endswith("_pass"))


@dataclass(frozen=True)
class PrecisionMark:
    """How the optimised program shows an op's precision: its ``attribute`` is
    ``values[precision]``.
    """

    attribute: str
    values: Mapping[Precision, str]


class Engine(Protocol):
    """One way to run a model; each module ``bench.engines.NAME`` provides one as ``ENGINE``.

    Its targets are named ``DEVICE-NAME-PRECISION``. ``mark``: how a low precision is proven; None
    for an engine that runs in fp32 only.
    """

    @property
    def device(self) -> Device: ...

    @property
    def name(self) -> str: ...

    @property
    def precisions(self) -> tuple[Precision, ...]: ...

    @property
    def mark(self) -> PrecisionMark | None: ...

    def missing(self, precision: Precision, flags: Collection[str]) -> str | None:
        """The instruction set that a processor with ``flags`` lacks for a precision, or None."""

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        """The calls that configure Paddle Inference, in order. Pure."""


def common_calls(options: EngineOptions) -> tuple[Call, ...]:
    """The first calls of every engine on a CPU."""
    return (
        Call(method="disable_gpu"),
        Call(method="set_cpu_math_library_num_threads", arguments=(options.threads,)),
        Call(method="switch_ir_optim", arguments=(True,)),
        Call(method="enable_memory_optim"),
        *(Call(method="delete_pass", arguments=(name,)) for name in options.passes),
    )
