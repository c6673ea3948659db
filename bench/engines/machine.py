"""What a target needs of a machine and of its runtime, and what they have."""

from __future__ import annotations

from dataclasses import dataclass

from compress.runtimes.runtime import Capability


@dataclass(frozen=True)
class Gpu:
    """``memory_bytes``: in all; ``driver``: the version of NVIDIA's driver."""

    name: str
    capability: Capability
    memory_bytes: int
    driver: str


@dataclass(frozen=True)
class Machine:
    """``flags``: instruction sets of the processor. ``gpu``: the one that CUDA shows first; None,
    and then ``no_gpu`` says why. ``runtime``: its name. ``runs_on_gpu``: whether its Paddle has
    kernels for GPUs; ``capabilities``: the least and the greatest that it has them for, None if
    that is unknown. ``tensorrt``, ``openvino``: the versions among its packages, None without.
    """

    flags: tuple[str, ...]
    runtime: str
    gpu: Gpu | None = None
    no_gpu: str = "no GPU"
    runs_on_gpu: bool = False
    capabilities: tuple[Capability, Capability] | None = None
    tensorrt: str | None = None
    openvino: str | None = None


@dataclass(frozen=True)
class Needs:
    """What a target needs: an instruction set; a GPU, of at least a compute capability; TensorRT;
    OpenVINO.

    The runtime's own limits on compute capabilities hold in any case.
    """

    flag: str | None = None
    gpu: bool = False
    capability: Capability = (0, 0)
    tensorrt: bool = False
    openvino: bool = False


def missing(needs: Needs, machine: Machine) -> str | None:
    """What the machine or its runtime lacks, in words that follow "not available here: "; None if
    nothing is missing.
    """
    if needs.flag is not None and needs.flag not in machine.flags:
        return f"the processor lacks {needs.flag}"
    if needs.openvino and machine.openvino is None:
        return f"the runtime {machine.runtime} has no OpenVINO"
    return _gpu_missing(needs, machine) if needs.gpu else None


def _gpu_missing(needs: Needs, machine: Machine) -> str | None:
    if not machine.runs_on_gpu:
        return f"the runtime {machine.runtime} has no kernels for GPUs"
    if needs.tensorrt and machine.tensorrt is None:
        return f"the runtime {machine.runtime} has no TensorRT"
    if machine.gpu is None:
        return machine.no_gpu
    capability = machine.gpu.capability
    if capability < needs.capability:
        return (
            f"{machine.gpu.name} has compute capability {_dotted(capability)}; "
            f"{_dotted(needs.capability)} is needed"
        )
    if machine.capabilities is not None:
        least, greatest = machine.capabilities
        if not least <= capability <= greatest:
            return (
                f"{machine.gpu.name} has compute capability {_dotted(capability)}; the runtime "
                f"{machine.runtime} has kernels for {_dotted(least)} to {_dotted(greatest)}"
            )
    return None


def _dotted(capability: Capability) -> str:
    return ".".join(map(str, capability))
