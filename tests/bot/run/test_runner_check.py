"""What makes a machine unfit or doubtful, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.engines.machine import Gpu, Machine
from bot.run import runner_check
from bot.run.runner_check import _about_speed, _about_versions, _gpu, _missing, gpu_problems
from bot.run.runtimes import describe_tensorrt
from compress.runtimes.runtime import own_runtime
from compress.worker.requests import Hello
from core.errors import InputError, JobFailure

OWN = own_runtime()


def hello(built, present):
    fields = {"tensorrt_built": built, "tensorrt_found": present}
    return Hello.model_construct(**fields)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "unknown"),
        (hello((0, 0, 0), (0, 0, 0)), "none: this Paddle was built without it"),
        (hello((8, 5, 1), (8, 6, 0)), "8.6.0 (Paddle is built with 8.5.1)"),
    ],
)
def test_versions_of_tensorrt_in_words(answer, words):
    assert describe_tensorrt(answer) == words


@pytest.mark.parametrize(
    ("flags", "load", "count"),
    [
        (("avx512_vnni",), 0.1, 0),
        (("avx2",), 0.1, 1),
        (("avx512_vnni",), 0.51, 1),
        ((), 2.0, 2),
    ],
)
def test_slow_int8_and_a_busy_machine_are_said(flags, load, count):
    assert len(_about_speed(flags, load)) == count


def test_a_busy_machine_is_said_with_its_load():
    (line,) = _about_speed(("avx512_vnni",), 1.25)
    assert line == "the machine is busy (load 1.2 per core): latencies will vary"


TOO_NEW = "the runtime paddle-2.6.2-gpu has kernels for 6.1 to 8.9"
V100 = Gpu("V100", (7, 0), 16 * 2**30, "525.60")
ON_GPU = Machine(
    flags=(),
    runtime="paddle-2.6.2-gpu",
    gpu=V100,
    runs_on_gpu=True,
    capabilities=((6, 1), (8, 9)),
)


@pytest.mark.parametrize(
    ("machine", "shown", "lacking"),
    [
        (Machine(flags=(), runtime="r"), "not used: this Paddle runs on processors", []),
        (ON_GPU, "V100, compute capability 7.0, 16.0 GiB, driver 525.60", []),
        (replace(ON_GPU, gpu=None, no_gpu="no driver"), "none", ["no driver"]),
        (
            replace(ON_GPU, gpu=replace(V100, capability=(9, 0))),
            "V100, compute capability 9.0, 16.0 GiB, driver 525.60",
            [f"V100 has compute capability 9.0; {TOO_NEW}"],
        ),
    ],
)
def test_a_gpu_is_shown_with_what_keeps_it_from_measuring(machine, shown, lacking):
    assert (_gpu(machine), gpu_problems(machine, None)) == (shown, lacking)


@pytest.mark.parametrize(("gpus", "told"), [(1, []), (0, [runner_check.UNUSABLE])])
def test_a_gpu_that_cuda_does_not_find_is_of_no_use(gpus, told):
    found = Hello.model_construct(gpus=gpus)
    assert gpu_problems(ON_GPU, found) == told
    assert gpu_problems(Machine(flags=(), runtime="r"), found) == []


class Environment:
    """Stands for a runtime with these versions."""

    python = Path("/runtimes/other/bin/python")

    def __init__(self, name="paddle-2.6.2-cpu", **versions):
        self.name, self.versions = name, versions

    def version(self, name):
        return self.versions.get(name.replace("-", "_"))


def test_packages_that_are_missing_are_named_with_the_remedy():
    lines = _missing(Environment())
    assert lines[0].startswith("paddlepaddle is not installed: pip install ")
    assert any(line.startswith("paddleslim is not installed") for line in lines)


def test_another_runtime_is_installed_anew():
    line = _missing(Environment("paddle-2.6.2-gpu"))[0]
    assert "remove /runtimes/other, then: slimgate runtime install paddle-2.6.2-gpu" in line


def test_paddle_for_gpus_is_paddle_too():
    lines = _missing(Environment(paddlepaddle_gpu="2.6.2"))
    assert not any(line.startswith("paddlepaddle ") for line in lines)


def test_a_version_that_nobody_tried_is_said_and_a_missing_one_is_not():
    versions = {"paddlepaddle": "2.5.0", "paddleslim": "2.6.0"}
    (line,) = _about_versions(Environment("own", **versions))
    assert line == "paddlepaddle 2.5.0 is untested; 2.6.2 is known to work"
    assert _about_versions(Environment("paddle-3.2.2-cpu", **versions)) == []


@pytest.fixture
def machine(monkeypatch):
    """A machine on which everything is in order; the parts can be broken one by one."""
    parts = {
        "_start": lambda runtime: (hello((0,), (0,)), []),
        "_sandbox": lambda: ("bubblewrap", []),
    }
    parts |= dict.fromkeys(("_missing", "_about_versions"), lambda runtime: [])
    parts["_about_speed"] = lambda flags, load: []
    parts["see_machine"] = lambda runtime: Machine(flags=(), runtime="r")
    for name, part in parts.items():
        monkeypatch.setattr(runner_check, name, part)
    return monkeypatch


def test_a_machine_in_order_is_fit(machine, capsys):
    assert runner_check.check_runner(3, OWN) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [
        "cpu",
        "flags",
        "memory",
        "versions",
        "runtime",
        "gpu",
        "tensorrt",
        "targets",
        "sandbox",
    ]
    assert [line.split()[0] for line in lines[:9]] == names
    assert lines[9:] == ["fit to measure on CPU"]


def test_a_doubt_does_not_make_it_unfit_and_a_defect_does(machine, capsys):
    machine.setattr(runner_check, "_sandbox", lambda: ("none", ["no bubblewrap"]))
    assert runner_check.check_runner(None, OWN) == 0
    assert capsys.readouterr().out.endswith("! no bubblewrap\nfit to measure on CPU\n")
    machine.setattr(runner_check, "_start", lambda runtime: (None, ["Paddle does not start: no"]))
    assert runner_check.check_runner(None, OWN) == 3
    assert capsys.readouterr().out.endswith(
        "! Paddle does not start: no\n! no bubblewrap\nnot fit to measure\n"
    )


def test_a_worker_that_fails_is_a_reason(monkeypatch):
    def fail(*_, **__):
        raise JobFailure("start", "signal", "the worker was killed by SIGKILL")

    monkeypatch.setattr(runner_check, "greet", fail)
    assert runner_check._start(OWN) == (
        None,
        ["Paddle does not start: the worker was killed by SIGKILL"],
    )


def test_a_missing_sandbox_says_what_to_do(monkeypatch):
    def refuse(_):
        raise InputError("bubblewrap is not installed", hint="install it")

    monkeypatch.setattr(runner_check, "open_sandbox", refuse)
    monkeypatch.setattr(runner_check.os, "geteuid", lambda: 1000)
    assert runner_check._sandbox() == ("none", ["bubblewrap is not installed; install it"])
