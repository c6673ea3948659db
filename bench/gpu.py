"""The GPU that measurements run on, as NVIDIA's driver describes it.

Not verified on hardware (`nvml`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from bench.engines.machine import Gpu


class NoGpu(Exception):
    """Why there is no GPU, in words."""


def find_gpu() -> Gpu:
    """The GPU that workers use; raises NoGpu."""
    with open_nvml() as nvml:
        handle = gpu_handle(nvml)
        return Gpu(
            name=_text(nvml.nvmlDeviceGetName(handle)),
            capability=tuple(nvml.nvmlDeviceGetCudaComputeCapability(handle)),
            memory_bytes=nvml.nvmlDeviceGetMemoryInfo(handle).total,
            driver=_text(nvml.nvmlSystemGetDriverVersion()),
        )


@contextmanager
def open_nvml() -> Iterator[Any]:
    """NVIDIA's management library, opened; raises NoGpu, also for what fails inside."""
    import pynvml

    try:
        pynvml.nvmlInit()
        try:
            yield pynvml
        finally:
            pynvml.nvmlShutdown()
    except pynvml.NVMLError_LibraryNotFound as error:
        raise NoGpu("this machine has no NVIDIA driver (libnvidia-ml.so.1)") from error
    except pynvml.NVMLError as error:
        raise NoGpu(f"NVIDIA's driver does not answer: {error}") from error


def gpu_handle(nvml: Any) -> Any:
    """The GPU that workers use: the first that ``CUDA_VISIBLE_DEVICES`` lets them see, by number or
    UUID, else the first of all; raises NoGpu.

    Workers number GPUs as NVML does (``CUDA_DEVICE_ORDER=PCI_BUS_ID``).
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    first = "0" if visible is None else visible.split(",")[0].strip()
    if visible is not None and first in ("", "-1", "NoDevFiles"):
        raise NoGpu(f"CUDA_VISIBLE_DEVICES={visible} hides every GPU")
    count = nvml.nvmlDeviceGetCount()
    if not first.isascii() or not first.isdigit():
        return nvml.nvmlDeviceGetHandleByUUID(first)
    if int(first) >= count:
        raise NoGpu(f"there is no GPU number {first}: the driver shows {count}")
    return nvml.nvmlDeviceGetHandleByIndex(int(first))


REASONS = {
    0x04: "the GPU was at its power limit",
    0x08: "the GPU slowed down by itself",
    0x20: "the GPU was too warm",
    0x40: "the GPU was too warm",
    0x80: "the GPU's power supply braked it",
}
"""Bits of ``nvmlDeviceGetCurrentClocksThrottleReasons`` under which a latency means nothing."""


class GpuWatch:
    """Looks at the GPU after each turn. ``alone``: the number of processes that use it if nobody
    else does. ``clocks_mhz``, ``temperatures_c``: of the turns.
    """

    def __init__(self, nvml: Any, handle: Any, alone: int) -> None:
        self.nvml, self.handle, self.alone = nvml, handle, alone
        self.clocks_mhz: list[int] = []
        self.temperatures_c: list[int] = []

    def __call__(self) -> str | None:
        """What spoiled the turn that just ended; see ``bench.rounds.Watch``. Raises NoGpu if the
        driver no longer answers.
        """
        nvml, handle = self.nvml, self.handle
        self.clocks_mhz.append(nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_SM))
        self.temperatures_c.append(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
        bits = nvml.nvmlDeviceGetCurrentClocksThrottleReasons(handle)
        if len(nvml.nvmlDeviceGetComputeRunningProcesses(handle)) > self.alone:
            return "another process used the GPU"
        return next((reason for bit, reason in REASONS.items() if bits & bit), None)

    def memory_of(self, pids: Collection[int]) -> int | None:
        """Bytes of the GPU's memory that these processes hold together, with what TensorRT takes;
        None if the driver does not say.
        """
        running = self.nvml.nvmlDeviceGetComputeRunningProcesses(self.handle)
        held = [process.usedGpuMemory for process in running if process.pid in pids]
        return sum(held) if held and None not in held else None


@contextmanager
def watch_gpu(alone: int) -> Iterator[GpuWatch]:
    """Watches the GPU that workers use; raises NoGpu."""
    with open_nvml() as nvml:
        yield GpuWatch(nvml, gpu_handle(nvml), alone)


def _text(value: Any) -> str:
    """Older versions of NVML answer in bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)
