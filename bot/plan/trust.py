"""Keeps apart what comes from the base branch and what a change brings."""

from __future__ import annotations

from collections.abc import Callable

from bench.job import Job
from bot.plan.values import Plan


def keep_apart(plan: Plan, change: str, is_merged: Callable[[str], bool]) -> Plan:
    """The plan with the name of the change at every side whose commit is not merged, so that what
    is made from it is read by runs of this change only.
    """
    jobs = tuple(_keep_apart(job, change, is_merged) for job in plan.jobs)
    return plan.model_copy(update={"jobs": jobs})


def _keep_apart(job: Job, change: str, is_merged: Callable[[str], bool]) -> Job:
    sides = {
        side: spec if is_merged(spec.commit) else spec.model_copy(update={"change": change})
        for side, spec in job.sides.items()
    }
    return job.model_copy(update={"sides": sides})
