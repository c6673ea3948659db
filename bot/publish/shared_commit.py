"""A commit that several pull requests have as their head: it has one check, which all of them show.

Each may be measured against another base, so that a verdict for one says nothing about the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.github.client import Client
from bot.report.report import Report

PASSING = ("success", "neutral")
MAX_NAMED = 3


def with_other_uses(report: Report, number: int | None, client: Client) -> Report:
    """The report on a pull request; one that does not pass if the check on its head would let
    something else pass that was measured against another base. Raises GitHubError.
    """
    uses = list(_other_uses(report, number, client)) if report.conclusion in PASSING else []
    if not uses:
        return report
    shown, more = ", ".join(uses[:MAX_NAMED]), len(uses) - MAX_NAMED
    names = f"{shown} and {more} more" if more > 0 else shown
    return report.model_copy(
        update={
            "conclusion": "action_required",
            "headline": f"Incomplete: this commit is also that of {names}.",
            "next_step": "A commit has one check, and the same commit is measured against another "
            "base there. Push a commit of its own, or close the other one and comment /rebench.",
        }
    )


def _other_uses(report: Report, number: int | None, client: Client) -> Iterator[str]:
    """What else GitHub lets pass by the check on the head, in words."""
    for pull in sorted(client.open_pulls(), key=lambda pull: pull.number):
        other = pull.head_sha == report.head and pull.number != number
        if other and client.merge_base(pull.base_ref, report.head) != report.base:
            yield f"#{pull.number} into {pull.base_ref}"
    if report.head in client.queued_commits():
        yield "a group of the merge queue"
