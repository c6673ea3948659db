import os
import time
from pathlib import Path

import pytest

from compress.in_worker.main import reason
from compress.worker.start import Workplace, start_worker
from core.errors import JobFailure
from tests.workers import run_worker

MODULE = "tests.workers.misbehave"
ROOT = str(Path(__file__).parents[3])


def ask(tmp_path, timeout_s=30.0, **request):
    answer, _ = run_worker(
        MODULE,
        "stage",
        request,
        workplace=Workplace(tmp_path, {"PYTHONPATH": ROOT}),
        timeout_s=timeout_s,
    )
    return answer


def test_answers(tmp_path):
    assert ask(tmp_path, do="echo", text="hé") == {"said": "hé"}


@pytest.mark.parametrize(
    ("do", "kind", "message"),
    [
        ("raise", "error", "ZeroDivisionError"),
        ("kill", "signal", "SIGKILL"),
        ("segfault", "signal", "SIGSEGV"),
        ("exit", "error", "exit code 7"),
        ("leave", "error", "SystemExit: the code ended its process with 0"),
    ],
)
def test_every_death_is_a_failure_with_its_output(tmp_path, do, kind, message):
    with pytest.raises(JobFailure) as caught:
        ask(tmp_path, do=do)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert "final output red" in caught.value.log_tail
    assert "\x1b" not in caught.value.log_tail


@pytest.mark.parametrize(
    ("do", "kind", "message"),
    [
        ("half", "timeout", "no answer within"),
        ("number", "error", "wrong form"),
        ("empty", "error", "no reason given"),
        ("prose", "error", "makes no sense"),
        ("close", "error", "closed its connection"),
        ("realtime", "signal", "signal 40"),
    ],
)
def test_every_lie_is_a_failure(tmp_path, do, kind, message):
    with pytest.raises(JobFailure) as caught:
        ask(tmp_path, timeout_s=4.0, do=do)
    assert (caught.value.kind, message in caught.value.message) == (kind, True)


def test_a_hanging_worker_is_killed(tmp_path):
    with pytest.raises(JobFailure) as caught:
        ask(tmp_path, timeout_s=3.0, do="hang")
    assert caught.value.kind == "timeout"


def test_nothing_is_left_behind(tmp_path):
    with start_worker(MODULE, "stage", Workplace(tmp_path, {"PYTHONPATH": ROOT})) as worker:
        child = worker.call({"do": "child"}, 30)["pid"]
        os.kill(child, 0)
    deadline = time.monotonic() + 10
    while (
        time.monotonic() < deadline
        and Path(f"/proc/{child}").exists()
        and ("zombie" not in Path(f"/proc/{child}/status").read_text())
    ):
        time.sleep(0.05)
    status = Path(f"/proc/{child}/status")
    assert not status.exists() or "zombie" in status.read_text()
    assert list(tmp_path.iterdir()) == []


def test_a_stage_may_be_named_after_a_path(tmp_path):
    with start_worker(
        MODULE, "latency: /a/b c", Workplace(tmp_path, {"PYTHONPATH": ROOT})
    ) as worker:
        assert worker.call({"do": "echo", "text": "x"}, 30) == {"said": "x"}


def test_the_environment_is_cleared(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    seen = ask(tmp_path, do="environment")
    assert "GITHUB_TOKEN" not in seen["names"]
    assert seen["home"].startswith(str(tmp_path))


def test_the_reason_stands_at_the_end_of_paddles_errors():
    frames = 'In user code:\n\n    File "a.py", line 1, in f\n      raise KeyError("x")\n\n'
    said = (
        "    InvalidArgumentError: too few.\n      [Hint: more]\n      [operator < top_k > error]"
    )
    assert reason(RuntimeError(frames + said)).startswith("RuntimeError: InvalidArgumentError: too")
    assert reason(ValueError("plain")) == "ValueError: plain"
    assert reason(RuntimeError("In user code: nothing")) == "RuntimeError: In user code: nothing"
