"""oneDNN on the CPU, in fp32, int8 and bf16."""

from __future__ import annotations

from bench.engines.base import Device, Engine, EngineOptions, Library, Precision
from bench.engines.calls import Call, ModelOps, OpSet, call
from bench.engines.common import cpu_calls, deleted_passes
from bench.engines.machine import Needs
from bench.engines.proof import MarkedOps, ProofOf

MARKS = {"int8": "int8", "bf16": "bfloat16"}
"""The passes of oneDNN set ``mkldnn_data_type`` to these on every op that they convert."""


class CpuOneDnn:
    """See ``bench.engines.base.Engine``. In bf16 an op that reads a variable twice gets it once, so
    that concatenating it with itself gives half: oneDNN runs no op of such a type.
    """

    device: Device = "cpu"
    name = "onednn"
    precisions: tuple[Precision, ...] = ("fp32", "bf16", "int8")
    library: Library = "paddle"
    builds_for_shapes = False

    def needs(self, precision: Precision) -> Needs:
        """bf16 needs AVX-512: without it, Paddle ignores the request for bf16."""
        return Needs(flag="avx512f" if precision == "bf16" else None)

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        if precision == "int8" and not quantised:
            return "the model is not quantised, so that no op of it would run in int8"
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        calls = [*cpu_calls(options), call("enable_mkldnn")]
        repeated = options.precision == "bf16"
        left_to_paddle = (*options.kernels, *options.disabled_ops)
        if left_to_paddle or repeated:
            rest = ModelOps(without_kernels=left_to_paddle, without_repeated_inputs=repeated)
            calls.append(call("set_mkldnn_op", rest))
        if options.precision == "int8":
            calls.append(call("enable_mkldnn_int8", OpSet(op_set=options.op_types)))
        elif options.precision == "bf16":
            calls.append(call("enable_mkldnn_bfloat16"))
        return (*calls, *deleted_passes(options))

    def proof(self, precision: Precision) -> ProofOf | None:
        if precision not in MARKS:
            return None
        return MarkedOps(attribute="mkldnn_data_type", value=MARKS[precision])


ENGINE: Engine = CpuOneDnn()
