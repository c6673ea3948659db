"""Answers an event of the merge queue: takes a verdict over, or requests a run."""

from __future__ import annotations

from bot.events.group import GroupFacts, request_for_group, verdict_of_head
from bot.events.steps import Circumstances, open_check, pinned, write_check
from bot.github.client import Client
from bot.github.events import MergeGroupEvent
from bot.plan.request import RunRequest
from bot.publish.check import newest_check, run_of


def answer_group(
    event: MergeGroupEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    """Writes the verdict on the pull request's head if it holds for the group; else opens the
    check and returns the run to start. Raises GitHubError.
    """
    request = request_for_group(event)
    if request is None:
        return None
    facts = _group_facts(event, client)
    text = verdict_of_head(event, facts) if facts else None
    run = run_of(facts.check) if facts else None
    if text is not None and run is not None:
        write_check(text, run, request.head, client)
        return None
    request = pinned(request, client, circumstances)
    open_check(request, client, circumstances)
    return request


def _group_facts(event: MergeGroupEvent, client: Client) -> GroupFacts | None:
    """None if the group's branch does not name a pull request."""
    group = event.merge_group
    if group.number is None:
        return None
    head = client.pull().head_sha
    return GroupFacts(
        head=head,
        fork=client.merge_base(group.base_sha, head),
        group_tree=client.tree(group.head_sha),
        head_tree=client.tree(head),
        check=newest_check(client.checks(head)),
    )
