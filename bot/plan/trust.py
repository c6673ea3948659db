"""Keeps apart what comes from the base branch and what a change brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bench.candidate import Candidate
from bench.job import Job
from bot.plan.values import Plan

T = TypeVar("T", Job, Candidate)


def keep_apart(plan: Plan, change: str, is_merged: Callable[[str], bool]) -> Plan:
    """The plan with the name of the change at every side whose commit is not merged, so that what
    is made from it is read by runs of this change only.
    """

    def kept_apart(item: T) -> T:
        sides = {
            side: spec if is_merged(spec.commit) else spec.model_copy(update={"change": change})
            for side, spec in item.sides.items()
        }
        return item.model_copy(update={"sides": sides})

    jobs, candidates = map(kept_apart, plan.jobs), map(kept_apart, plan.candidates)
    return plan.model_copy(update={"jobs": tuple(jobs), "candidates": tuple(candidates)})
