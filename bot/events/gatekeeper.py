"""Answers a GitHub event: fetches the facts, applies the decision, returns the run to start."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bot.events.comments import ParsedCommand
from bot.events.comments.base import MAY_WRITE, Facts
from bot.events.comments.compare import Compare
from bot.events.intake import (
    Intake,
    acknowledge,
    concerns_us,
    mark_stale,
    our_runs,
    parse_event_comment,
    request_for_merge,
    request_for_push,
    runs_of_pull,
    take_comment,
    title_of,
)
from bot.events.limits import EVENT, LONGEST_RUN, StartedRun, reason_to_wait, waiting_check
from bot.events.merge_queue import answer_group
from bot.events.steps import (
    Circumstances,
    keep_comment,
    on_runners,
    open_check,
    pinned,
    write_check,
)
from bot.github.actions import CancelRun
from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.github.events import (
    BranchEvent,
    CommentEvent,
    Event,
    MergeGroupEvent,
    PullRequestEvent,
)
from bot.github.payload import login_of
from bot.plan.request import RunRequest
from bot.publish.check import newest_check
from core.errors import InputError


def answer_event(event: Event, client: Client, circumstances: Circumstances) -> RunRequest | None:
    """Answers on GitHub and returns the run to start, if any. Raises GitHubError, and InputError
    for a branch event without a commit.
    """
    if isinstance(event, CommentEvent):
        return _answer_comment(event, client, circumstances)
    if isinstance(event, MergeGroupEvent):
        return answer_group(event, client, circumstances)
    if not isinstance(event, PullRequestEvent):
        return _request_for_branch(event, circumstances)
    if event.action == "closed":
        return _answer_close(event, client, circumstances)
    return _answer_push(event, client, circumstances)


def _request_for_branch(event: BranchEvent, circumstances: Circumstances) -> RunRequest:
    branch = event.repository.default_branch
    if not circumstances.branch_head:
        hint = "set GITHUB_SHA to the head of the default branch"
        raise InputError("no commit to measure", key="--branch-head", hint=hint)
    request = RunRequest(
        origin="branch", number=None, base=branch, head=circumstances.branch_head, everything=True
    )
    commits = {"base_commit": request.head, "trusted_commit": request.head}
    return on_runners(request.model_copy(update=commits), circumstances)


def _answer_close(
    event: PullRequestEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    """Requests the history entry of a merged pull request; cancels the runs of an unmerged one,
    unless it was reopened since.
    """
    pull = event.pull_request
    if not pull.merged:
        if not client.pull().is_open:
            for run in runs_of_pull(client.active_runs(), pull.number, circumstances.own_run):
                client.apply(CancelRun(run.id))
        return None
    request = request_for_merge(event, newest_check(client.checks(pull.head.sha)))
    return request and pinned(request, client, circumstances, pull.base.sha)


def _answer_push(
    event: PullRequestEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    request = request_for_push(event, client.pull())
    if request is None:
        return None
    reason = _reason_to_wait(event, client, circumstances)
    if reason is not None:
        text = waiting_check(reason, circumstances.limits)
        write_check(text, circumstances.own_run, request.head, client)
        return None
    request = pinned(request, client, circumstances)
    open_check(request, client, circumstances)
    with contextlib.suppress(GitHubError):  # a banner is no reason to measure nothing
        retargeted = event.action == "edited"
        for action in mark_stale(client.comments(), request.head, client.identity, retargeted):
            client.apply(action)
    return request


def _reason_to_wait(
    event: PullRequestEvent, client: Client, circumstances: Circumstances
) -> str | None:
    """Why a push has to wait; None for people who may write, whose role is asked only if it
    matters.
    """
    author, now = login_of(event.sender or event.pull_request.user), circumstances.now
    run = StartedRun(circumstances.own_run, title_of(event.pull_request.number), author, now)
    earlier = our_runs(client.runs_started_by(author, EVENT, now - LONGEST_RUN))
    reason = reason_to_wait(run, earlier, circumstances.limits)
    return None if reason is None or client.role(author) in MAY_WRITE else reason


def _answer_comment(
    event: CommentEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    commands = (
        parse_event_comment(event, circumstances.names)
        if concerns_us(event, client.identity)
        else []
    )
    if not commands:
        return None
    with contextlib.suppress(GitHubError):  # the answer follows in any case
        client.apply(acknowledge(event))
    pull = client.pull()
    author = login_of(event.comment.user)
    role = client.role(author)
    facts = Facts(
        pull=pull,
        author=author,
        role=role,
        runs=runs_of_pull(client.active_runs(), pull.number, circumstances.own_run),
        check=newest_check(client.checks(pull.head_sha)),
        commits=_named_commits(commands, client) if role in MAY_WRITE else {},
    )
    comments = client.comments()
    intake = take_comment(event, commands, facts, comments, client.identity, circumstances.now)
    _carry_out(intake, client)
    if intake.request is None:
        return None
    request = pinned(intake.request, client, circumstances)
    if request.compares is None:
        open_check(request, client, circumstances)
    return request


def _named_commits(commands: Sequence[ParsedCommand], client: Client) -> dict[str, str | None]:
    """The commit of each revision that a command names; None for one that does not exist."""
    meanings = [command.meaning for command in commands]
    revisions = {meaning.revision for meaning in meanings if isinstance(meaning, Compare)}
    return {revision: client.find_commit(revision) for revision in sorted(revisions)}


def _carry_out(intake: Intake, client: Client) -> None:
    for action in intake.actions:
        client.apply(action)
    if intake.answer is not None:
        marker, body = intake.answer
        keep_comment(marker, body, client)
