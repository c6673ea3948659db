"""``slimgate runner``: in plain words what is missing, on a machine without a GPU."""

import os
from pathlib import Path

import pytest

from bench.engines.machine import Gpu, Machine
from bot.commands import runner
from bot.run.runner_check import UNUSABLE
from bot.verify import verify as module
from compress.runtimes.installed import name_own
from tests.bot.shell import slimgate

NO_DRIVER = "this machine has no NVIDIA driver (libnvidia-ml.so.1)"
GPU = Gpu("NVIDIA A10", (8, 6), 2**34, "535.1")
HAS_DRIVER = Path("/proc/driver/nvidia").exists()


@pytest.mark.skipif(HAS_DRIVER, reason="there is a GPU")
def test_without_a_gpu_nothing_is_verified_and_nothing_is_left(tmp_path):
    out = tmp_path / "out"
    ended = slimgate("runner", "verify", "--out", out, SLIMGATE_RUNTIMES=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == f"nothing can be verified here: {NO_DRIVER}\n"
    assert not out.exists()


@pytest.mark.paddle
@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (Machine(flags=(), runtime="r", runs_on_gpu=True, no_gpu="it is gone"), "it is gone"),
        (Machine(flags=(), runtime="r"), "the runtime r has no kernels for GPUs"),
        (Machine(flags=(), runtime="r", gpu=GPU, runs_on_gpu=True), UNUSABLE),
    ],
)
def test_a_gpu_that_cannot_be_used_is_named(tmp_path, monkeypatch, capsys, machine, words):
    monkeypatch.setattr(module, "no_gpu", lambda: None)
    monkeypatch.setattr("bench.machine.see_machine", lambda runtime: machine)
    monkeypatch.setattr(module, "verify_runner", lambda *_: 0)
    code = runner.verify(
        out=tmp_path / "out", runtime=name_own().name, store=tmp_path / "store", sandbox=False
    )
    assert code == 3
    assert capsys.readouterr().err == f"nothing can be verified here: {words}\n"
    assert not os.path.lexists(tmp_path / "out")
