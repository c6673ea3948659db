"""How many runs one author may start, over all pull requests of the repository. Pure.

Everything is counted from GitHub's list of workflow runs, which nobody can write. People who may
write are exempt, and so is what they start by a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.github.values import CheckText, WorkflowRun

EVENT = "pull_request_target"
"""The event whose runs count: nobody had to approve them."""
DAY = timedelta(days=1)
LONGEST_RUN = timedelta(days=2)
"""A run that began earlier cannot be in progress."""


@dataclass(frozen=True)
class AuthorLimits:
    """``at_once`` pull requests may have a run in progress; ``per_day`` runs may start in 24
    hours.
    """

    at_once: int
    per_day: int


@dataclass(frozen=True)
class StartedRun:
    """The run that is to be admitted: its id, its title, the author and the present time."""

    id: int
    title: str
    author: str
    now: datetime


def reason_to_wait(
    run: StartedRun, earlier: Sequence[WorkflowRun], limits: AuthorLimits
) -> str | None:
    """Why a run has to wait, or None. ``earlier`` are runs of the same author; those with a higher
    id came later, so that of several at once the first ones are admitted. Runs without a job, as
    for a new title, do not count.
    """
    before = [other for other in earlier if other.id < run.id]
    others = {other.title for other in before if other.status != "completed"} - {run.title}
    recent = [other for other in before if run.now - other.created_at < DAY]
    today = [other for other in recent if other.conclusion != "skipped"]
    if len(others) >= limits.at_once:
        return f"{run.author} has runs in progress on {_count(others, 'other pull request')}"
    if len(today) >= limits.per_day:
        return f"{run.author} has started {_count(today, 'run')} within 24 hours"
    return None


def waiting_check(reason: str, limits: AuthorLimits) -> CheckText:
    """The check of a run that waits; it does not let the pull request pass."""
    summary = (
        f"{reason}. An author may have runs in progress on {limits.at_once} pull requests and "
        f"start {limits.per_day} runs within 24 hours.\n\nA maintainer starts this one with a "
        "comment:\n\n```text\n/rebench\n```\n\nOtherwise push again, or close and reopen the pull "
        "request, when the others have ended."
    )
    return CheckText("action_required", "Waiting for other runs of this author", summary)


def _count(items: Sequence[object] | set[str], noun: str) -> str:
    return f"1 {noun}" if len(items) == 1 else f"{len(items)} {noun}s"
