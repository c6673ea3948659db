"""Accepted regressions: which case a maintainer let pass, and until when. Pure.

An acceptance is bound to the content of its case on both sides, so that it ends with the first push
to either side that changes this content. It is kept in the data branch and not in a comment, which
everybody with write access could edit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from pydantic import Field

from bench.job import Job
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from core.canonical import content_hash
from core.schema import StrictModel

FILE = "acceptances.jsonl"
MEASURED_WITH = {"gate", "weights", "dynamic_shape", "output_op", "delete_passes", "targets"}
"""What the manifest of the base branch says of a case beside its files."""


class Acceptance(StrictModel):
    """One accepted regression: a line of the file in the data branch."""

    schema_: Literal["slimgate.acceptance/1"] = Field("slimgate.acceptance/1", alias="schema")
    number: int
    case: str
    case_hash: str
    reason: str
    author: str


def case_hash(job: Job) -> str:
    """The hash of everything about a case that a push can change, except the names of the commits
    and of the change.
    """
    names = {"commit", "change"}
    sides = {side: spec.model_dump(exclude=names) for side, spec in job.sides.items()}
    return content_hash({"sides": sides, **job.model_dump(include=MEASURED_WITH)})


def new_acceptances(
    admitted: RunRequest, plan: Plan, regressed: Collection[str]
) -> Iterator[Acceptance]:
    """An acceptance for each case that the results show to have regressed, of the models whose
    regression the request accepts. What nobody has seen yet cannot be accepted.
    """
    for accepted in admitted.accepted:
        for job in plan.jobs:
            named = job.model == accepted.model and job.id in regressed
            if named and admitted.number is not None:
                yield Acceptance(
                    number=admitted.number,
                    case=job.id,
                    case_hash=case_hash(job),
                    reason=accepted.reason,
                    author=accepted.author,
                )


def find_acceptance(job: Job, acceptances: Sequence[Acceptance]) -> Acceptance | None:
    """The latest acceptance that holds for the case with its present content."""
    present = (case_hash(job), job.id)
    matches = [item for item in acceptances if (item.case_hash, item.case) == present]
    return matches[-1] if matches else None
