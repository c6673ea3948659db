"""A stage exceeded its time limit."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

LATE = {"stage": "compress", "kind": "timeout", "message": "no answer within 300 s; killed"}


def check(subject: Subject) -> Iterator[Problem]:
    """A failure of the kind ``timeout``."""
    failure = subject.failure
    assert failure is not None
    if failure.kind == "timeout":
        yield Problem(f"{failure.stage} took longer than it may: {failure.message}", ())


RULE = Rule(
    code="SG602",
    name="time-limit",
    severity="error",
    stage="failure",
    title="A stage exceeded its time limit",
    why="Without a limit, one hanging model would block a runner forever.",
    remedy=(
        "Allow more time (`--stage-timeout`, or `stage_timeout_s` of the manifest's budget), "
        "fewer iterations or batches, or a smaller input."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": LATE},
        good_facts={"failure": {**LATE, "kind": "error"}},
    ),
)
