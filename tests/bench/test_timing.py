"""Workers that hold a model: timed in turns, proven, or loaded once."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.timing import check_loads, prove_precision, timed_worker
from core.errors import JobFailure


def test_a_worker_answers_with_so_many_runs_and_its_memory(models, workshop):
    with timed_worker(models.deployed("m", ms=1.5), workshop) as worker:
        assert worker.peak_memory_bytes == 0
        assert worker.time_runs(3) == [1.5] * 3
        assert worker.time_runs(1) == [1.5]
        assert worker.peak_memory_bytes == 2**20
    assert models.requests("m") == ["load", "run 3"]  # the first turn is noted


def test_between_its_turns_a_worker_is_frozen_and_afterwards_gone(models, workshop):
    others = set(children())
    with timed_worker(models.deployed("m"), workshop) as worker:
        (pid,) = set(children()) - others
        states = [state_of(pid)]
        worker.time_runs(1)
        states.append(state_of(pid))
    assert states == ["T", "T"]
    assert pid not in children()


def children():
    """The processes that this one started and that still run."""
    for file in Path("/proc/self/task").glob("*/children"):
        for pid in file.read_text().split():
            if state_of(pid) != "Z":
                yield pid


def state_of(pid):
    """The scheduler's state of a process, a letter as in proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_model_that_does_not_load_is_a_failure_with_the_workers_reason(models, workshop):
    broken = models.deployed("m", fails={"load": "no such operator"})
    with pytest.raises(JobFailure) as caught, timed_worker(broken, workshop):
        pass
    assert (caught.value.stage, caught.value.kind) == ("latency", "error")
    assert caught.value.message == "ValueError: no such operator"
    with pytest.raises(JobFailure, match="no such operator") as caught:
        check_loads(broken, workshop)
    assert caught.value.stage == "load"


def test_a_model_that_loads_is_not_timed(models, workshop):
    check_loads(models.deployed("m"), workshop)
    assert models.requests("m") == ["load"]


def test_a_proof_counts_ops_in_the_targets_precision(models, workshop):
    ops = {"conv2d": [3, 4], "pool2d": [0, 1]}
    proof = prove_precision(models.deployed("m", "cpu-onednn-int8", ops=ops), workshop)
    assert proof.precision == "int8"
    assert proof.ops == {"conv2d": (3, 4), "pool2d": (0, 1)}
    assert proof.convolutions == (3, 4)


@pytest.mark.parametrize(
    ("target", "op_types", "message"),
    [
        ("cpu-onednn-int8", (), r"no op runs in int8.*\(any\)"),
        ("cpu-onednn-int8", ("conv2d", "fc"), r"no op runs in int8.*conv2d, fc"),
        ("cpu-onednn-bf16", (), "no op runs in bf16"),
    ],
)
def test_a_model_without_a_single_op_in_the_precision_is_a_failure(
    models, workshop, target, op_types, message
):
    model = replace(models.deployed("m", target, ops={"conv2d": [0, 4]}), op_types=op_types)
    with pytest.raises(JobFailure, match=message) as caught:
        prove_precision(model, workshop)
    assert caught.value.stage == "proof"
