"""Paddle's own CPU kernels, in fp32."""

from __future__ import annotations

from bench.engines.base import Device, Engine, EngineOptions, Library, Precision
from bench.engines.calls import Call, call
from bench.engines.common import cpu_calls, deleted_passes
from bench.engines.machine import Needs
from bench.engines.proof import ProofOf


class CpuNative:
    """See ``bench.engines.base.Engine``. Switches off oneDNN, the default since Paddle 2.6."""

    device: Device = "cpu"
    name = "native"
    precisions: tuple[Precision, ...] = ("fp32",)
    library: Library = "paddle"
    builds_for_shapes = False

    def needs(self, precision: Precision) -> Needs:
        del precision
        return Needs()

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        """Never: a quantised model computes in fp32 what it would in int8."""
        del precision, quantised
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        return (*cpu_calls(options), call("disable_mkldnn"), *deleted_passes(options))

    def proof(self, precision: Precision) -> ProofOf | None:
        del precision
        return None


ENGINE: Engine = CpuNative()
