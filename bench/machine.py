"""Looks at this machine and a runtime for what targets need."""

from __future__ import annotations

from bench.engines.machine import Gpu, Machine
from bench.fingerprint import cpu_flags
from bench.gpu import NoGpu, find_gpu
from compress.runtimes.runtime import Runtime


def see_machine(runtime: Runtime) -> Machine:
    """What this machine and the runtime have. Asks NVIDIA's driver only if the runtime's Paddle
    runs on GPUs.
    """
    gpu, no_gpu = _find_gpu() if runtime.runs_on_gpu else (None, "no GPU")
    return Machine(
        flags=cpu_flags(),
        runtime=runtime.name,
        gpu=gpu,
        no_gpu=no_gpu,
        runs_on_gpu=runtime.runs_on_gpu,
        capabilities=runtime.capabilities,
        tensorrt=runtime.version("tensorrt"),
        openvino=runtime.version("openvino"),
    )


def _find_gpu() -> tuple[Gpu | None, str]:
    try:
        return find_gpu(), ""
    except NoGpu as error:
        return None, str(error)
