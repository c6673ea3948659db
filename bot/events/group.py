"""The merge queue: its commits get the required check, too. Pure.

A group's commit is the branch with pull requests added. If it holds exactly the files of one pull
request's head, on exactly the base that the head was measured against, that verdict is taken over.
Any other group is measured like a push. Nothing passes without a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.github.events import MergeGroupEvent
from bot.github.values import Check, CheckText
from bot.plan.request import RunRequest

KEPT = ("success", "neutral")
"""Conclusions that are taken over; after any other, the group is measured."""


@dataclass(frozen=True)
class GroupFacts:
    """What GitHub says about a group. ``head`` is the head of its last pull request, ``fork`` that
    head's merge base with the commit that the group adds to; trees hold the files of each.
    ``check`` is our newest check on the head.
    """

    head: str
    fork: str
    group_tree: str
    head_tree: str
    check: Check | None


def request_for_group(event: MergeGroupEvent) -> RunRequest | None:
    """A run of the group against the commit that it adds to; None if no checks are requested.

    Its code is not held: only people who may write put a pull request into the queue, and GitHub
    takes it out at the next push.
    """
    group = event.merge_group
    if event.action != "checks_requested":
        return None
    return RunRequest(
        origin="queue",
        number=None,
        base=group.base,
        head=group.head_sha,
        base_commit=group.base_sha,
    )


def verdict_of_head(event: MergeGroupEvent, facts: GroupFacts) -> CheckText | None:
    """The verdict on the pull request's head, if it holds for the group; None if the group has to
    be measured.
    """
    check = facts.check
    same = facts.fork == event.merge_group.base_sha and facts.group_tree == facts.head_tree
    if not same or check is None or check.run_id is None or check.conclusion not in KEPT:
        return None
    origin = f"Measured at {facts.head}, the head of the pull request, which has the same files."
    return CheckText(check.conclusion, check.title or "", f"{origin}\n\n{check.summary or ''}")
