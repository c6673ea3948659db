"""The calls with which engines begin and end."""

from __future__ import annotations

from collections.abc import Iterator

from bench.engines.base import EngineOptions
from bench.engines.calls import Call, PaddlePrecision, call

POOL_MB, DEVICE = 100, 0
"""Memory that Paddle takes at first, as in the suites' own scripts, and the GPU, by the order in
which CUDA shows them.
"""


def cpu_calls(options: EngineOptions) -> Iterator[Call]:
    """The first calls on a processor: optimised, with these threads."""
    yield call("disable_gpu")
    yield from _optimised(options)


def gpu_calls(options: EngineOptions, precision: PaddlePrecision | None = None) -> Iterator[Call]:
    """The first calls on a GPU, with one pool of memory; ``precision``: of Paddle's own kernels, by
    default fp32. Not verified on hardware (`native-fp32`).
    """
    yield call("enable_use_gpu", POOL_MB, DEVICE, *([precision] if precision else []))
    yield from _optimised(options)


def deleted_passes(options: EngineOptions) -> Iterator[Call]:
    """The last calls: whatever chooses a device, a library or int8 makes the list of passes anew,
    with those that were deleted before.
    """
    yield from (call("delete_pass", name) for name in options.passes)


def _optimised(options: EngineOptions) -> Iterator[Call]:
    yield call("set_cpu_math_library_num_threads", options.threads)
    yield call("switch_ir_optim", True)
    yield call("enable_memory_optim")
