"""What ``slimgate runtime`` prints, with what exit code."""

import re
from dataclasses import replace

import pytest

from bot.run import runtimes
from bot.run.runtimes import check_installed, install_described, print_runtimes
from compress.runtimes.installed import name_own
from compress.runtimes.runtime import own_runtime
from compress.runtimes.spec import DEFAULT, describe_runtime
from compress.worker.requests import Hello
from core.errors import InputError, JobFailure

HELLO = Hello(paddle="2.6.2", tensorrt_built=(0, 0, 0), tensorrt_found=(0, 0, 0))


def fail(runtime):
    raise JobFailure("start", "signal", "the worker was killed by SIGILL")


def test_each_runtime_is_listed_with_its_place(tmp_path, capsys):
    assert print_runtimes(tmp_path) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines[name_own().name].endswith("; slimgate's own environment")
    command = "slimgate runtime install paddle-3.2.2-cpu"
    assert lines["paddle-3.2.2-cpu"].endswith(f"; not installed: {command}")


def test_a_runtime_elsewhere_is_listed_with_its_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(runtimes, "read_installed", lambda folder: own_runtime())
    print_runtimes(tmp_path)
    assert f"; {tmp_path}/paddle-3.2.2-cpu-" in capsys.readouterr().out


def test_an_installed_runtime_is_named_with_its_folder(tmp_path, capsys, monkeypatch):
    there = replace(own_runtime("small"), python=tmp_path / "small-1" / "bin" / "python")
    monkeypatch.setattr(runtimes, "greet", lambda runtime: HELLO)

    def install(described, root, say, attempt):
        attempt(there)
        return there

    monkeypatch.setattr(runtimes, "install_runtime", install)
    assert install_described(describe_runtime(DEFAULT), tmp_path, print) == 0
    assert capsys.readouterr().out == f"small is in {tmp_path}/small-1\n"


def test_a_runtime_in_which_paddle_does_not_start_is_not_installed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(runtimes, "greet", fail)
    monkeypatch.setattr(
        runtimes, "install_runtime", lambda described, root, say, attempt: attempt(None)
    )
    assert install_described(describe_runtime(DEFAULT), tmp_path, print) == 3
    assert "nothing was installed: the worker was killed by SIGILL" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code"), [(lambda runtime: HELLO, 0), (fail, 3)])
def test_a_runtime_is_checked_by_starting_it(tmp_path, capsys, monkeypatch, answer, code):
    monkeypatch.setattr(runtimes, "greet", answer)
    assert check_installed(name_own().name, tmp_path) == code
    said = capsys.readouterr().out
    assert re.search("paddlepaddle(-gpu)? 2.6.2", said)
    assert ("paddle     2.6.2 starts" in said) == (code == 0)
    assert ("! Paddle does not start: the worker was killed" in said) == (code == 3)


def test_a_runtime_that_is_not_installed_cannot_be_checked(tmp_path):
    with pytest.raises(InputError, match="not installed"):
        check_installed("paddle-3.2.2-cpu", tmp_path)
