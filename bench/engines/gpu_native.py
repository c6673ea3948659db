"""Paddle's own GPU kernels, in fp32 and fp16.

Not verified on hardware (`native-fp32`, `native-fp16`, `native-fp16-proof`).
"""

from __future__ import annotations

from bench.engines.base import Device, Engine, EngineOptions, Library, Precision
from bench.engines.calls import Call, PaddlePrecision
from bench.engines.common import deleted_passes, gpu_calls
from bench.engines.machine import Needs
from bench.engines.proof import ConvertedOps, ProofOf


class GpuNative:
    """See ``bench.engines.base.Engine``."""

    device: Device = "gpu"
    name = "native"
    precisions: tuple[Precision, ...] = ("fp32", "fp16")
    library: Library = "paddle"
    builds_for_shapes = False

    def needs(self, precision: Precision) -> Needs:
        """fp16 needs the arithmetic that GPUs have since compute capability 5.3."""
        return Needs(gpu=True, capability=(5, 3) if precision == "fp16" else (0, 0))

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        """Paddle's passes for GPUs left a quantised model with a first convolution whose weights
        were all zero.
        """
        del precision
        if quantised:
            return "Paddle's passes for GPUs spoil the weights of a quantised model"
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        half = PaddlePrecision(precision_type="Half") if options.precision == "fp16" else None
        return (*gpu_calls(options, half), *deleted_passes(options))

    def proof(self, precision: Precision) -> ProofOf | None:
        return ConvertedOps() if precision == "fp16" else None


ENGINE: Engine = GpuNative()
