"""The calls with which every engine on a processor begins."""

from __future__ import annotations

from collections.abc import Iterator

from bench.engines.base import EngineOptions
from bench.engines.calls import Call, call


def cpu_calls(options: EngineOptions) -> Iterator[Call]:
    """Optimised, with these threads, without the graph passes that are left out."""
    yield call("disable_gpu")
    yield call("set_cpu_math_library_num_threads", options.threads)
    yield call("switch_ir_optim", True)
    yield call("enable_memory_optim")
    yield from (call("delete_pass", name) for name in options.passes)
