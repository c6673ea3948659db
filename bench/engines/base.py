"""The interface of an inference engine: its configuration, its needs, the proof of precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bench.engines.calls import Call
from bench.engines.machine import Needs
from bench.engines.proof import ProofOf

Device = Literal["cpu", "gpu"]
Precision = Literal["fp32", "fp16", "bf16", "int8"]
Library = Literal["paddle", "openvino"]
"""What runs a model: Paddle Inference, which takes it as it is, or OpenVINO, for which it is
converted.
"""


@dataclass(frozen=True)
class EngineOptions:
    """``threads``: CPU threads. ``op_types``: quantised at inference (empty: every op type).
    ``left_out``: graph passes (named ``…_pass``) and kernels that must not run. ``disabled_ops``:
    op types that Paddle's own kernels run instead of oneDNN, or that stay outside TensorRT's
    engines.

    For TensorRT: ``batch``: the greatest; ``min_subgraph``: the least number of ops of an engine;
    ``workspace_bytes``: memory to build with; ``dynamic_shape``: whether the ranges of all shapes
    were collected.
    """

    precision: Precision
    threads: int
    op_types: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    batch: int = 1
    disabled_ops: tuple[str, ...] = ()
    min_subgraph: int = 3
    workspace_bytes: int = 2**30
    dynamic_shape: bool = False

    @property
    def passes(self) -> tuple[str, ...]:
        """The graph passes that are left out."""
        return tuple(name for name in self.left_out if name.endswith("_pass"))

    @property
    def kernels(self) -> tuple[str, ...]:
        """The kernels that are left out."""
        return tuple(name for name in self.left_out if not name.endswith("_pass"))


class Engine(Protocol):
    """One way to run a model; each module ``bench.engines.NAME`` provides one as ``ENGINE``.

    Its targets are named ``DEVICE-NAME-PRECISION``.
    """

    @property
    def device(self) -> Device: ...

    @property
    def name(self) -> str: ...

    @property
    def precisions(self) -> tuple[Precision, ...]: ...

    @property
    def library(self) -> Library: ...

    @property
    def builds_for_shapes(self) -> bool:
        """Whether it builds a model for its shapes before it runs it: it has to know all shapes of
        a model that takes images of any size.
        """

    def needs(self, precision: Precision) -> Needs:
        """What the machine and the runtime must have. Pure."""

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        """Why a model, quantised or not, would compute nonsense there; None if it does not."""

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        """The calls that configure the library, in order: on ``paddle.inference.Config``, or on
        ``openvino.Core``. Pure.
        """

    def proof(self, precision: Precision) -> ProofOf | None:
        """How the precision is proven; None for fp32, which needs no proof."""
