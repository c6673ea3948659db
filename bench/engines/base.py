"""What an inference engine has to offer: how it is configured, what it needs, how it is proven."""

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
    """One call on ``paddle.inference.Config``. With ``but_kernels`` the last argument is every op
    type of the model except those that these kernels run, which only a worker can tell.
    """

    method: str
    arguments: tuple[Argument, ...] = ()
    but_kernels: tuple[str, ...] = ()


@dataclass(frozen=True)
class EngineOptions:
    """``op_types``: quantised at inference (empty: every op type); ``left_out``: graph passes
    (named ``…_pass``) and kernels that are not to run; ``threads``: CPU threads.
    """

    precision: Precision
    threads: int
    op_types: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def passes(self) -> tuple[str, ...]:
        """The graph passes among what is left out."""
        return tuple(name for name in self.left_out if name.endswith("_pass"))

    @property
    def kernels(self) -> tuple[str, ...]:
        """The kernels among what is left out."""
        return tuple(name for name in self.left_out if not name.endswith("_pass"))


@dataclass(frozen=True)
class PrecisionMark:
    """How the optimised program shows the precision of an op: the attribute ``attribute`` holds
    ``values[precision]``.
    """

    attribute: str
    values: Mapping[Precision, str]


class Engine(Protocol):
    """One way to run a model; a module ``bench.engines.NAME`` offers one as ``ENGINE``.

    ``device`` and ``name`` are the first two parts of its targets' names, ``precisions`` the third.
    ``mark`` says how a low precision is proven, None for an engine that runs fp32 alone.
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
        """What a processor with these instruction sets lacks for a precision; None if nothing."""

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        """The calls that configure Paddle Inference, in order. Pure."""


def common_calls(options: EngineOptions) -> tuple[Call, ...]:
    """What every engine on a processor begins with."""
    return (
        Call(method="disable_gpu"),
        Call(method="set_cpu_math_library_num_threads", arguments=(options.threads,)),
        Call(method="switch_ir_optim", arguments=(True,)),
        Call(method="enable_memory_optim"),
        *(Call(method="delete_pass", arguments=(name,)) for name in options.passes),
    )
