"""The calls with which every engine on a GPU begins and ends. Not verified on hardware."""

from __future__ import annotations

from collections.abc import Iterator

from bench.engines.base import EngineOptions
from bench.engines.calls import Call, PaddlePrecision, call

POOL_MB, DEVICE = 100, 0
"""Memory that Paddle takes at first, as in the suites' own scripts, and the GPU, by the order in
which CUDA shows them.
"""


def gpu_calls(options: EngineOptions, precision: PaddlePrecision | None = None) -> Iterator[Call]:
    """Optimised, on the first GPU; ``precision``: of Paddle's own kernels, by default fp32."""
    yield call("set_cpu_math_library_num_threads", options.threads)
    yield call("enable_use_gpu", POOL_MB, DEVICE, *([precision] if precision else []))
    yield call("switch_ir_optim", True)
    yield call("enable_memory_optim")


def deleted_passes(options: EngineOptions) -> Iterator[Call]:
    """The last calls: ``enable_use_gpu`` and TensorRT's rebuild the list of passes."""
    yield from (call("delete_pass", name) for name in options.passes)
