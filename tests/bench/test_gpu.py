"""The GPU that workers use, as NVIDIA's library describes it, and why there is none."""

import sys
from types import SimpleNamespace

import pytest

from bench.engines.machine import Gpu
from bench.gpu import NoGpu, find_gpu, watch_gpu


class NVMLError(Exception):
    """The library's base class of errors."""


class NVMLError_LibraryNotFound(NVMLError):  # noqa: N801  the library's name
    """Without a driver."""


class Nvml:
    """Stands in for ``pynvml``: two GPUs with their UUIDs."""

    NVMLError, NVMLError_LibraryNotFound = NVMLError, NVMLError_LibraryNotFound
    GPUS = ("GPU-aaaa", "GPU-bbbb")

    def __init__(self, fails=None, as_bytes=False):
        self.fails, self.as_bytes, self.open = fails, as_bytes, 0

    def nvmlInit(self):  # noqa: N802
        if self.fails == "init":
            raise NVMLError_LibraryNotFound("NVML Shared Library Not Found")
        self.open += 1

    def nvmlShutdown(self):  # noqa: N802
        self.open -= 1

    def nvmlDeviceGetCount(self):  # noqa: N802
        return len(self.GPUS)

    def nvmlDeviceGetHandleByIndex(self, index):  # noqa: N802
        return index

    def nvmlDeviceGetHandleByUUID(self, uuid):  # noqa: N802
        if uuid not in self.GPUS:
            raise NVMLError("Not Found")
        return self.GPUS.index(uuid)

    def nvmlDeviceGetName(self, handle):  # noqa: N802
        if self.fails == "name":
            raise NVMLError("GPU is lost")
        name = f"Tesla V100 number {handle}"
        return name.encode() if self.as_bytes else name

    def nvmlDeviceGetCudaComputeCapability(self, handle):  # noqa: N802
        return [7, handle]

    def nvmlDeviceGetMemoryInfo(self, handle):  # noqa: N802
        return SimpleNamespace(total=(handle + 1) * 2**30)

    def nvmlSystemGetDriverVersion(self):  # noqa: N802
        return b"525.60.13" if self.as_bytes else "525.60.13"

    NVML_CLOCK_SM, NVML_TEMPERATURE_GPU = 1, 0
    bits, processes = 0, 2

    def nvmlDeviceGetClockInfo(self, handle, clock):  # noqa: N802
        assert clock == self.NVML_CLOCK_SM
        return 1380 - handle

    def nvmlDeviceGetTemperature(self, handle, sensor):  # noqa: N802
        assert sensor == self.NVML_TEMPERATURE_GPU
        return 40 + handle

    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle):  # noqa: N802
        return self.bits

    def nvmlDeviceGetComputeRunningProcesses(self, handle):  # noqa: N802
        return [
            SimpleNamespace(pid=n, usedGpuMemory=None if n == 3 else 100 * n)
            for n in range(self.processes)
        ]


@pytest.fixture
def nvml(monkeypatch):
    """Puts a library in the place of ``pynvml``; no environment variable hides a GPU."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def put(**options):
        library = Nvml(**options)
        monkeypatch.setitem(sys.modules, "pynvml", library)
        return library

    return put


@pytest.mark.parametrize("as_bytes", [False, True])
def test_the_first_gpu_is_described(nvml, as_bytes):
    library = nvml(as_bytes=as_bytes)
    assert find_gpu() == Gpu("Tesla V100 number 0", (7, 0), 2**30, "525.60.13")
    assert library.open == 0


@pytest.mark.parametrize(
    ("visible", "number"), [("1", 1), ("1,0", 1), (" 0 ,1", 0), ("GPU-bbbb", 1), ("GPU-aaaa,1", 0)]
)
def test_it_is_the_first_that_workers_may_see(nvml, monkeypatch, visible, number):
    nvml()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert find_gpu().name.endswith(f"number {number}")


@pytest.mark.parametrize(
    ("visible", "words"),
    [
        ("", "hides every GPU"),
        ("-1", "hides every GPU"),
        ("NoDevFiles", "hides every GPU"),
        ("2", "there is no GPU number 2: the driver shows 2"),
        ("GPU-cccc", "does not answer: Not Found"),
        ("²", "does not answer: Not Found"),
    ],
)
def test_a_gpu_that_workers_may_not_see_is_none(nvml, monkeypatch, visible, words):
    library = nvml()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    with pytest.raises(NoGpu, match=words):
        find_gpu()
    assert library.open == 0


@pytest.mark.parametrize(
    ("fails", "words"),
    [("init", r"no NVIDIA driver \(libnvidia-ml"), ("name", "does not answer: GPU is lost")],
)
def test_what_the_driver_says_is_passed_on(nvml, fails, words):
    library = nvml(fails=fails)
    with pytest.raises(NoGpu, match=words):
        find_gpu()
    assert library.open == 0


@pytest.mark.parametrize(
    ("bits", "processes", "problem"),
    [
        (0x00, 2, None),
        (0x01, 2, None),  # idle
        (0x02, 2, None),  # clocks that the owner set
        (0x04, 2, "the GPU was at its power limit"),
        (0x08, 2, "the GPU slowed down by itself"),
        (0x21, 1, "the GPU was too warm"),
        (0x40, 2, "the GPU was too warm"),
        (0x80, 2, "the GPU's power supply braked it"),
        (0x00, 3, "another process used the GPU"),
    ],
)
def test_what_spoils_a_turn_is_said(nvml, bits, processes, problem):
    library = nvml()
    library.bits, library.processes = bits, processes
    with watch_gpu(alone=2) as watch:
        assert watch() == problem
        assert (watch.clocks_mhz, watch.temperatures_c) == ([1380], [40])


@pytest.mark.parametrize(
    ("pids", "held"), [((2,), 200), ((1, 2, 77), 300), ((77,), None), ((), None), ((2, 3), None)]
)
def test_the_gpus_memory_is_that_of_the_models_own_processes(nvml, pids, held):
    nvml().processes = 4
    with watch_gpu(alone=4) as watch:
        assert watch.memory_of(pids) == held


def test_a_driver_that_stops_answering_is_no_gpu(nvml, monkeypatch):
    library = nvml()

    def fail(*_):
        raise NVMLError("GPU is lost")

    with pytest.raises(NoGpu, match="GPU is lost"), watch_gpu(alone=1) as watch:
        monkeypatch.setattr(library, "nvmlDeviceGetClockInfo", fail, raising=False)
        watch()
    assert library.open == 0
