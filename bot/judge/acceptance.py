"""Accepted regressions: which case a maintainer let pass, and until when. Pure.

An acceptance is bound to the content of its case on both sides, so that it ends by itself with the
first push (of either side) that changes that content. It is kept in the data branch, not in a
comment, which everybody who may write could edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pydantic import Field

from bench.job import Job
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from core.canonical import content_hash
from core.schema import StrictModel, parse_lines

FILE = "acceptances.jsonl"


class Acceptance(StrictModel):
    """One line of the record."""

    schema_: Literal["slimgate.acceptance/1"] = Field("slimgate.acceptance/1", alias="schema")
    number: int
    case: str
    case_hash: str
    reason: str
    author: str


def case_hash(job: Job) -> str:
    """A hash of everything about a case that a push can change, but for commit names."""
    sides = {side: spec.model_dump(exclude={"commit"}) for side, spec in job.sides.items()}
    return content_hash({"sides": sides, "gate": job.gate.model_dump()})


def new_acceptances(asked: RunRequest, plan: Plan) -> Iterator[Acceptance]:
    """What the request accepts, for every case of the models that it names."""
    for accepted in asked.accepted:
        for job in plan.jobs:
            if job.model == accepted.model and asked.number is not None:
                yield Acceptance(
                    number=asked.number,
                    case=job.id,
                    case_hash=case_hash(job),
                    reason=accepted.reason,
                    author=accepted.author,
                )


def parse_acceptances(lines: Iterable[str], number: int) -> list[Acceptance]:
    """Those of a pull request, from the lines of the record."""
    return [one for one in parse_lines(Acceptance, lines) if one.number == number]


def find_acceptance(job: Job, acceptances: Sequence[Acceptance]) -> Acceptance | None:
    """The latest that still holds for the case as it is now."""
    holding = (case_hash(job), job.id)
    found = [one for one in acceptances if (one.case_hash, one.case) == holding]
    return found[-1] if found else None
