"""The machine, or the sandbox, had no memory left."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

KILLED = {
    "stage": "compress",
    "kind": "signal",
    "message": "the worker was killed by SIGKILL; perhaps the machine ran out of memory",
}


def check(subject: Subject) -> Iterator[Problem]:
    """Killed from outside, stopped by a limit on memory, or Paddle's own complaint."""
    failure = subject.failure
    assert failure is not None
    killed = failure.kind == "signal" and "SIGKILL" in failure.message
    limited = failure.kind == "limit" and "memory" in failure.message
    refused = "ResourceExhaustedError" in failure.message or "MemoryError" in failure.message
    if killed or limited or refused:
        yield Problem(f"{failure.stage} ran out of memory", ())


RULE = Rule(
    code="SG603",
    name="out-of-memory",
    severity="error",
    stage="failure",
    title="The machine, or the sandbox, had no memory left",
    why="Calibration keeps every sampled tensor of a batch; training keeps those of both models.",
    remedy="Lower `batch_size` in the data config, or use a machine with more memory.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": KILLED},
        good_facts={"failure": {**KILLED, "message": "the worker was killed by SIGSEGV"}},
    ),
)
