"""TensorRT, in fp32, fp16 and int8, with fixed or dynamic shapes.

Not verified on hardware (`trt`, `trt-fp32`, `trt-fp16`, `trt-int8`).
"""

from __future__ import annotations

from bench.engines.base import Device, Engine, EngineOptions, Library, Precision
from bench.engines.calls import Call, PaddlePrecision, ShapeRanges, call
from bench.engines.common import deleted_passes, gpu_calls
from bench.engines.machine import Needs
from bench.engines.proof import ProofOf, TensorRtOps
from compress.runtimes.runtime import Capability

PRECISIONS = {
    "fp32": PaddlePrecision(precision_type="Float32"),
    "fp16": PaddlePrecision(precision_type="Half"),
    "int8": PaddlePrecision(precision_type="Int8"),
}
CAPABILITIES: dict[Precision, Capability] = {"fp32": (0, 0), "fp16": (5, 3), "int8": (6, 1)}
"""The least compute capability by precision: TensorRT's support matrix."""


class GpuTensorRt:
    """See ``bench.engines.base.Engine``.

    Engines are saved (``use_static=True``), so that they are built once for a model and its target
    (``bench.built_engines``). Ranges are those of the quantised model (``use_calib_mode=False``).
    Both are as in the suites' own scripts.
    """

    device: Device = "gpu"
    name = "trt"
    precisions: tuple[Precision, ...] = ("fp32", "fp16", "int8")
    library: Library = "paddle"
    builds_for_shapes = True

    def needs(self, precision: Precision) -> Needs:
        return Needs(gpu=True, capability=CAPABILITIES[precision], tensorrt=True)

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        if precision == "int8" and not quantised:
            return "the model is not quantised: it has no ranges for TensorRT to run in int8 by"
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        calls = [
            *gpu_calls(options),
            call(
                "enable_tensorrt_engine",
                workspace_size=options.workspace_bytes,
                max_batch_size=options.batch,
                min_subgraph_size=options.min_subgraph,
                precision_mode=PRECISIONS[options.precision],
                use_static=True,
                use_calib_mode=False,
            ),
        ]
        if options.dynamic_shape:
            calls.append(call("enable_tuned_tensorrt_dynamic_shape", ShapeRanges(), False))
        if options.disabled_ops:
            calls.append(call("exp_disable_tensorrt_ops", options.disabled_ops))
        return (*calls, *deleted_passes(options))

    def proof(self, precision: Precision) -> ProofOf | None:
        if precision == "fp16" or precision == "int8":
            return TensorRtOps(precision=precision)
        return None


ENGINE: Engine = GpuTensorRt()
