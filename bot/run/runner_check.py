"""Checks whether this machine is fit to measure, for ``slimgate runner check``."""

from __future__ import annotations

import os

from bench.engines.machine import Machine, Needs, missing
from bench.engines.targets import runnable
from bench.fingerprint import has_vnni, take_fingerprint
from bench.machine import see_machine
from bot.run.runtimes import describe_tensorrt
from bot.text.output import print_text
from compress.runtimes.pins import read_pins
from compress.runtimes.runtime import OWN, Runtime
from compress.runtimes.spec import DEFAULT, describe_runtime
from compress.runtimes.trial import greet
from compress.sandbox.confinement import open_sandbox
from compress.versions import decisive_distributions, suite_distributions
from compress.worker.requests import Hello
from core.errors import EXIT_INCOMPLETE, EXIT_OK, InputError, JobFailure
from core.private_folder import scratch_folder
from core.processors import default_threads

NEEDED = ("paddleslim", *suite_distributions())
UNUSABLE = (
    "NVIDIA's driver shows a GPU, but CUDA finds none: see whether nvidia-smi works, and whether "
    "the driver is recent enough for CUDA 11.8"
)
BUSY = 0.5
"""Load per core above which latencies are not reliable."""


def check_runner(threads: int | None, runtime: Runtime) -> int:
    """Prints one line for each fact and each problem; returns the exit code."""
    fingerprint = take_fingerprint(threads or default_threads(), runtime)
    print_text(f"cpu        {fingerprint.cpu}, {fingerprint.cores} cores")
    print_text(f"flags      {', '.join(fingerprint.flags) or 'none that matter'}")
    print_text(f"memory     {fingerprint.memory_bytes / 2**30:.1f} GiB")
    print_text(f"versions   {', '.join(f'{k} {v}' for k, v in fingerprint.versions.items())}")
    print_text(f"runtime    {runtime.name}, {runtime.python}")
    machine = see_machine(runtime)
    print_text(f"gpu        {_gpu(machine)}")
    hello, unstarted = _start(runtime)
    print_text(f"tensorrt   {describe_tensorrt(hello)}")
    print_text(f"targets    {', '.join(runnable(machine))}")
    confined, about_sandbox = _sandbox()
    print_text(f"sandbox    {confined}")
    complaints = [
        *about_sandbox,
        *_about_versions(runtime),
        *_about_speed(fingerprint.flags, fingerprint.load_average / fingerprint.cores),
    ]
    broken = [*_missing(runtime), *unstarted, *gpu_problems(machine, hello)]
    device = "GPU" if machine.runs_on_gpu else "CPU"
    for line in (*broken, *complaints):
        print_text(f"! {line}")
    print_text("not fit to measure" if broken else f"fit to measure on {device}")
    return EXIT_INCOMPLETE if broken else EXIT_OK


def _sandbox() -> tuple[str, list[str]]:
    """The sandbox for untrusted code on this machine, and its problems."""
    lines = []
    if os.geteuid() == 0:
        lines.append("this is the root user: run jobs as an ordinary user (docs/runners.md)")
    try:
        with scratch_folder() as scratch, open_sandbox(scratch) as sandbox:
            if sandbox.group is None:
                lines.append(
                    "no control group to limit jobs: their use is checked four times a second "
                    "instead, which a fast job can outrun (docs/runners.md)"
                )
            return sandbox.describe(), lines
    except InputError as error:
        return "none", [f"{error.message}; {error.hint}"]


def _missing(runtime: Runtime) -> list[str]:
    absent = [name for name in NEEDED if runtime.version(name) is None]
    if runtime.version("paddlepaddle") is None and runtime.version("paddlepaddle-gpu") is None:
        absent.insert(0, "paddlepaddle")
    own = runtime.name in (OWN, DEFAULT)
    remedy = (
        "pip install --no-deps -r requirements/cpu.txt"
        if own
        else (
            f"remove {runtime.python.parent.parent}, then: slimgate runtime install {runtime.name}"
        )
    )
    return [f"{name} is not installed: {remedy}" for name in absent]


def _about_versions(runtime: Runtime) -> list[str]:
    """The versions of slimgate's own environment that differ from the default runtime's, if it is
    none of the runtimes that are known to work.
    """
    if runtime.name != OWN:
        return []
    pins = read_pins(describe_runtime(DEFAULT).requirements())
    present = {name: runtime.version(name) for name in decisive_distributions()}
    return [
        f"{name} {version} is untested; {pins[name]} is known to work"
        for name, version in present.items()
        if name in pins and version not in (None, pins[name])
    ]


def _about_speed(flags: tuple[str, ...], load_per_core: float) -> list[str]:
    lines = []
    if not has_vnni(flags):
        lines.append("this processor has no int8 instructions (VNNI, AMX): int8 may not be faster")
    if load_per_core > BUSY:
        lines.append(
            f"the machine is busy (load {load_per_core:.1f} per core): latencies will vary"
        )
    return lines


def _gpu(machine: Machine) -> str:
    gpu = machine.gpu
    if gpu is None:
        return "none" if machine.runs_on_gpu else "not used: this Paddle runs on processors"
    capability = ".".join(map(str, gpu.capability))
    memory = f"{gpu.memory_bytes / 2**30:.1f} GiB"
    return f"{gpu.name}, compute capability {capability}, {memory}, driver {gpu.driver}"


def gpu_problems(machine: Machine, hello: Hello | None) -> list[str]:
    """What keeps a runtime for GPUs from running on one."""
    if not machine.runs_on_gpu:
        return []
    lacking = missing(Needs(gpu=True), machine)
    if lacking is not None:
        return [lacking]
    return [UNUSABLE] if hello is not None and hello.gpus == 0 else []


def _start(runtime: Runtime) -> tuple[Hello | None, list[str]]:
    """What a worker says about Paddle, or why Paddle does not start."""
    try:
        return greet(runtime), []
    except JobFailure as failure:
        return None, [f"Paddle does not start: {failure.message}"]
