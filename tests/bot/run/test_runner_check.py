"""What makes a machine unfit or doubtful, in words."""

import pytest

from bot.run import runner_check
from bot.run.runner_check import FITTING, _about_speed, _about_versions, _missing, _tensorrt
from compress.worker.requests import Hello
from core.errors import InputError, JobFailure


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
    assert _tensorrt(answer) == words


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


def installed_versions(monkeypatch, **versions):
    monkeypatch.setattr(
        runner_check, "installed", lambda name: versions.get(name.replace("-", "_"))
    )


def test_packages_that_are_missing_are_named_with_the_remedy(monkeypatch):
    installed_versions(monkeypatch)
    lines = _missing()
    assert lines[0].startswith("paddlepaddle is not installed: pip install ")
    assert any(line.startswith("paddleslim is not installed") for line in lines)


def test_paddle_for_gpus_is_paddle_too(monkeypatch):
    installed_versions(monkeypatch, paddlepaddle_gpu="2.6.2")
    assert not any(line.startswith("paddlepaddle ") for line in _missing())


def test_a_version_that_nobody_tried_is_said_and_a_missing_one_is_not(monkeypatch):
    installed_versions(monkeypatch, paddlepaddle="2.5.0")
    version = FITTING["paddlepaddle"]
    assert _about_versions() == [f"paddlepaddle 2.5.0 is untested; {version} is known to work"]
    installed_versions(monkeypatch, **FITTING)
    assert _about_versions() == []


@pytest.fixture
def machine(monkeypatch):
    """A machine on which everything is in order; the parts can be broken one by one."""
    parts = {"_start": lambda: (hello((0,), (0,)), []), "_sandbox": lambda: ("bubblewrap", [])}
    parts |= dict.fromkeys(("_missing", "_about_versions"), list)
    parts["_about_speed"] = lambda flags, load: []
    for name, part in parts.items():
        monkeypatch.setattr(runner_check, name, part)
    return monkeypatch


def test_a_machine_in_order_is_fit(machine, capsys):
    assert runner_check.check_runner(3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:6]] == [
        *("cpu", "flags", "memory", "versions", "tensorrt", "sandbox"),
    ]
    assert lines[6:] == ["fit to measure on CPU"]


def test_a_doubt_does_not_make_it_unfit_and_a_defect_does(machine, capsys):
    machine.setattr(runner_check, "_sandbox", lambda: ("none", ["no bubblewrap"]))
    assert runner_check.check_runner(None) == 0
    assert capsys.readouterr().out.endswith("! no bubblewrap\nfit to measure on CPU\n")
    machine.setattr(runner_check, "_start", lambda: (None, ["Paddle does not start: no"]))
    assert runner_check.check_runner(None) == 3
    assert capsys.readouterr().out.endswith(
        "! Paddle does not start: no\n! no bubblewrap\nnot fit to measure\n"
    )


def test_a_worker_that_fails_is_a_reason(monkeypatch):
    def fail(*_, **__):
        raise JobFailure("start", "signal", "the worker was killed by SIGKILL")

    monkeypatch.setattr(runner_check, "run_worker", fail)
    assert runner_check._start() == (
        None,
        ["Paddle does not start: the worker was killed by SIGKILL"],
    )


def test_a_missing_sandbox_says_what_to_do(monkeypatch):
    def refuse(_):
        raise InputError("bubblewrap is not installed", hint="install it")

    monkeypatch.setattr(runner_check, "open_sandbox", refuse)
    monkeypatch.setattr(runner_check.os, "geteuid", lambda: 1000)
    assert runner_check._sandbox() == ("none", ["bubblewrap is not installed; install it"])
