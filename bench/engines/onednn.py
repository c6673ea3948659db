"""oneDNN on the CPU, in fp32, int8 and bf16."""

from __future__ import annotations

from collections.abc import Collection

from bench.engines.base import (
    Call,
    Device,
    Engine,
    EngineOptions,
    Precision,
    PrecisionMark,
    common_calls,
)


class OneDnn:
    """See ``bench.engines.base.Engine``. The passes of oneDNN set ``mkldnn_data_type`` on every op
    of the optimised program; its value for bf16 is ``bfloat16``.
    """

    device: Device = "cpu"
    name = "onednn"
    precisions: tuple[Precision, ...] = ("fp32", "bf16", "int8")
    mark: PrecisionMark | None = PrecisionMark(
        "mkldnn_data_type", {"int8": "int8", "bf16": "bfloat16"}
    )

    def missing(self, precision: Precision, flags: Collection[str]) -> str | None:
        """bf16 needs AVX-512: without it, Paddle ignores the request for bf16."""
        return "avx512f" if precision == "bf16" and "avx512f" not in flags else None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        calls = [*common_calls(options), Call(method="enable_mkldnn")]
        if options.kernels:
            calls.append(Call(method="set_mkldnn_op", but_kernels=options.kernels))
        if options.precision == "int8":
            calls.append(Call(method="enable_mkldnn_int8", arguments=(options.op_types,)))
        elif options.precision == "bf16":
            calls.append(Call(method="enable_mkldnn_bfloat16"))
        return tuple(calls)


ENGINE: Engine = OneDnn()
