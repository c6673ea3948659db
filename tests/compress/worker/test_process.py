"""A running worker: whatever it does but answer in time is a failure with its output."""

from pathlib import Path

import pytest

from compress.worker.process import (
    LOG_TAIL_BYTES,
    LOG_TAIL_CHARACTERS,
    Usage,
    read_answer,
    read_tail,
    read_usage,
)
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


def test_a_request_is_answered(tmp_path):
    assert ask(tmp_path, do="echo", text="hé") == {"said": "hé"}


def test_a_time_limit_just_below_a_second_is_none_of_a_million_microseconds(tmp_path):
    assert ask(tmp_path, do="echo", text="hé", timeout_s=30.9999999) == {"said": "hé"}


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
        ("flood", "error", "closed its connection, went on running"),
        ("half a character", "error", "holds half of a character"),
        ("number", "error", "not an object with a result"),
        ("empty", "error", "gave no reason"),
        ("prose", "error", "answer is not valid: Expecting value"),
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


def test_an_answer_of_another_schema_is_a_failure():
    with pytest.raises(JobFailure, match="answer is not valid: Extra inputs") as caught:
        read_answer(Usage, {"cost": 1}, "export")
    assert (caught.value.stage, caught.value.kind) == ("export", "error")
    assert read_answer(Usage, {"duration_s": 2.5}, "export").duration_s == 2.5


def test_of_thousands_of_wrong_values_in_an_answer_only_the_number_is_said():
    answer = {str(i): 1 for i in range(1001)}
    with pytest.raises(JobFailure, match="answer is not valid: 1001 of its values are wrong"):
        read_answer(Usage, answer, "export")


@pytest.mark.parametrize(
    "value",
    [None, {}, 3, [], "x", {"duration_s": -1}, {"duration_s": float("nan")}, {"cost": 1}],
)
def test_a_cost_that_is_not_valid_counts_as_zero(value):
    assert read_usage(value) == Usage()


def test_a_valid_cost_is_read():
    usage = read_usage({"duration_s": 1.5, "peak_memory_bytes": 2**30})
    assert (usage.duration_s, usage.peak_memory_bytes) == (1.5, 2**30)


@pytest.mark.parametrize(
    ("written", "tail"),
    [
        (b"one\ntwo\n", "one\ntwo\n"),
        (b"10%\r50%\r100%\ndone", "100%\ndone"),
        (b"\x1b[31mred\x1b[0m\x07 bell", "red bell"),
        (b"h\xc3\xa9 \xff", "hé \N{REPLACEMENT CHARACTER}"),
        (b"", ""),
    ],
)
def test_the_tail_of_a_log_is_readable_text(tmp_path, written, tail):
    (tmp_path / "log").write_bytes(written)
    assert read_tail(tmp_path / "log") == tail


def test_the_tail_of_a_log_is_its_end_and_short(tmp_path):
    (tmp_path / "log").write_bytes(b"x" * LOG_TAIL_BYTES + b"the end")
    tail = read_tail(tmp_path / "log")
    assert len(tail) == LOG_TAIL_CHARACTERS
    assert tail.endswith("xthe end")


def test_a_missing_log_has_no_tail(tmp_path):
    assert read_tail(tmp_path / "absent") == ""


@pytest.fixture
def worker(tmp_path):
    with start_worker(MODULE, "stage", Workplace(tmp_path, {"PYTHONPATH": ROOT})) as started:
        started.call({"do": "echo", "text": "ready"}, 30)
        yield started


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_frozen_worker_stands_still_until_it_is_thawed(worker):
    child = worker.call({"do": "child"}, 30)["pid"]
    worker.freeze()
    assert {state(worker.process.pid), state(child)} == {"T"}
    worker.thaw()
    assert worker.call({"do": "echo", "text": "again"}, 30) == {"said": "again"}


def test_every_process_of_a_worker_is_listed(worker):
    child = worker.call({"do": "child"}, 30)["pid"]
    assert worker.processes() == [worker.process.pid, child]


def test_a_worker_answers_after_an_error(worker):
    with pytest.raises(JobFailure, match="ZeroDivisionError"):
        worker.call({"do": "raise"}, 30)
    assert worker.call({"do": "echo", "text": "x"}, 30) == {"said": "x"}


def test_ending_twice_does_nothing_more(worker):
    worker.end()
    worker.end()
    assert worker.process.returncode == -9
    with pytest.raises(JobFailure):
        worker.call({"do": "echo", "text": "x"}, 30)


def test_steps_on_the_way_are_passed_on(tmp_path):
    steps = []
    with start_worker(MODULE, "stage", Workplace(tmp_path, {"PYTHONPATH": ROOT})) as worker:
        answer = worker.call({"do": "train", "steps": 3}, 30, steps.append)
    assert answer == {"trained": 3}
    assert [str(step) for step in steps] == [
        "training 1/3, loss 1",
        "training 2/3, loss 0.5",
        "training 3/3, loss 0.3333",
    ]


def test_a_step_that_is_not_valid_is_a_failure(tmp_path):
    with (
        start_worker(MODULE, "stage", Workplace(tmp_path, {"PYTHONPATH": ROOT})) as worker,
        pytest.raises(JobFailure, match="answer is not valid"),
    ):
        worker.call({"do": "train", "steps": -1}, 30, print)
