"""The machine or the sandbox ran out of memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.facts import FailureFacts
from compress.doctor.rule import Example, Problem, Rule, Subject

REFUSED = re.compile(r"\bMemoryError\b|ResourceExhausted|std::bad_alloc")
KILLED = {
    "stage": "compress",
    "kind": "signal",
    "message": "the worker was killed by SIGKILL; perhaps the machine ran out of memory",
}


def check(subject: Subject) -> Iterator[Problem]:
    """A worker that was killed from outside or by a memory limit, or Paddle's own error."""
    failure = subject.failure
    assert failure is not None
    if ran_out_of_memory(failure):
        yield Problem(f"{failure.stage} ran out of memory", ())


def ran_out_of_memory(failure: FailureFacts) -> bool:
    """Whether memory ran out. Other rules stay silent then: the failing place is accidental."""
    killed = failure.kind == "signal" and "SIGKILL" in failure.message
    limited = failure.kind == "limit" and "memory" in failure.message
    refused = REFUSED.search(failure.message) or REFUSED.search(failure.log)
    return killed or limited or bool(refused)


RULE = Rule(
    code="SG603",
    name="out-of-memory",
    severity="error",
    stage="failure",
    title="The machine or the sandbox ran out of memory",
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
