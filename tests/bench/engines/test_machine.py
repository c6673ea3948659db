"""What a machine or a runtime lacks is named, and nothing else is refused."""

from dataclasses import replace

import pytest

from bench.engines.machine import Gpu, Machine, Needs, missing

TURING = Gpu("Tesla T4", (7, 5), 2**34, "525.60.13")
GPU_MACHINE = Machine(
    flags=("avx2",),
    runtime="paddle-2.6.2-gpu",
    gpu=TURING,
    runs_on_gpu=True,
    capabilities=((6, 1), (8, 9)),
    tensorrt="8.5.3.1",
)
CPU_MACHINE = Machine(flags=("avx2",), runtime="paddle-2.6.2-cpu")
TOO_NEW = "the runtime paddle-2.6.2-gpu has kernels for 6.1 to 8.9"
ON_GPU = Needs(gpu=True, tensorrt=True)


def with_capability(*capability):
    return replace(GPU_MACHINE, gpu=replace(TURING, capability=capability))


@pytest.mark.parametrize(
    ("needs", "machine"),
    [
        (Needs(), CPU_MACHINE),
        (Needs(flag="avx2"), CPU_MACHINE),
        (Needs(), GPU_MACHINE),
        (ON_GPU, GPU_MACHINE),
        (Needs(gpu=True, capability=(7, 5)), GPU_MACHINE),
        (ON_GPU, with_capability(6, 1)),
        (ON_GPU, with_capability(8, 9)),
        (ON_GPU, replace(with_capability(12, 0), capabilities=None)),
        (Needs(gpu=True), replace(GPU_MACHINE, tensorrt=None)),
    ],
)
def test_what_is_there_is_not_missed(needs, machine):
    assert missing(needs, machine) is None


@pytest.mark.parametrize(
    ("needs", "machine", "words"),
    [
        (Needs(flag="avx512f"), CPU_MACHINE, "the processor lacks avx512f"),
        (ON_GPU, CPU_MACHINE, "the runtime paddle-2.6.2-cpu has no kernels for GPUs"),
        (
            ON_GPU,
            replace(GPU_MACHINE, tensorrt=None),
            "the runtime paddle-2.6.2-gpu has no TensorRT",
        ),
        (ON_GPU, replace(GPU_MACHINE, gpu=None, no_gpu="no driver"), "no driver"),
        (
            Needs(gpu=True, capability=(8, 0)),
            GPU_MACHINE,
            "Tesla T4 has compute capability 7.5; 8.0 is needed",
        ),
        *[
            (
                ON_GPU,
                with_capability(*capability),
                f"Tesla T4 has compute capability {capability[0]}.{capability[1]}; {TOO_NEW}",
            )
            for capability in [(6, 0), (9, 0), (10, 0)]
        ],
    ],
)
def test_what_is_missing_is_named(needs, machine, words):
    assert missing(needs, machine) == words
