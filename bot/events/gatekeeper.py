"""Answers a GitHub event: fetches the facts, applies the decision, returns the run to start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.events.comments import ParsedCommand
from bot.events.comments.base import MAY_WRITE, Facts, ValidNames
from bot.events.comments.compare import Compare
from bot.events.intake import (
    Intake,
    acknowledge,
    concerns_us,
    mark_stale,
    opening_check,
    parse_event_comment,
    request_for_merge,
    request_for_push,
    runs_of_pull,
    take_comment,
)
from bot.github.actions import CancelRun
from bot.github.client import Client
from bot.github.events import BranchEvent, CommentEvent, Event, PullRequestEvent
from bot.plan.request import RunRequest
from bot.publish.check import decide_check, newest_check
from bot.publish.comment import Marker, decide_comment
from bot.publish.converge import converge
from core.errors import InputError


@dataclass(frozen=True)
class Circumstances:
    """What a decision needs besides the event: valid names, the head of the default branch, the
    id of this workflow run, and the current time.
    """

    names: ValidNames
    branch_head: str
    own_run: int
    now: datetime


def answer_event(event: Event, client: Client, circumstances: Circumstances) -> RunRequest | None:
    """Answers on GitHub and returns the run to start, if any. Raises GitHubError, and InputError
    for a branch event without a commit.
    """
    if isinstance(event, CommentEvent):
        return _answer_comment(event, client, circumstances)
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
    return _on_runners(request.model_copy(update=commits), circumstances)


def _answer_close(
    event: PullRequestEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    """Requests the history entry of a merged pull request; cancels the runs of an unmerged one."""
    pull = event.pull_request
    if not pull.merged:
        for run in runs_of_pull(client.active_runs(), pull.number, circumstances.own_run):
            client.apply(CancelRun(run.id))
        return None
    request = request_for_merge(event, newest_check(client.checks(pull.head.sha)))
    return request and _pinned(request, client, circumstances, pull.base.sha)


def _answer_push(
    event: PullRequestEvent, client: Client, circumstances: Circumstances
) -> RunRequest | None:
    request = request_for_push(event, client.pull())
    if request is not None:
        request = _pinned(request, client, circumstances)
        _open_check(request, client, circumstances)
        for action in mark_stale(client.comments(), request.head, client.identity):
            client.apply(action)
    return request


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
    client.apply(acknowledge(event))
    pull = client.pull()
    role = client.role(event.comment.user.login)
    facts = Facts(
        pull=pull,
        author=event.comment.user.login,
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
    request = _pinned(intake.request, client, circumstances)
    if request.against is None:
        _open_check(request, client, circumstances)
    return request


def _named_commits(commands: Sequence[ParsedCommand], client: Client) -> dict[str, str | None]:
    """The commit of each revision that a command names; None for one that does not exist."""
    meanings = [command.meaning for command in commands]
    revisions = {meaning.revision for meaning in meanings if isinstance(meaning, Compare)}
    return {revision: client.find_commit(revision) for revision in sorted(revisions)}


def _pinned(
    request: RunRequest, client: Client, circumstances: Circumstances, base: str | None = None
) -> RunRequest:
    """The request with its base and trusted commits, resolved now: later jobs look up nothing."""
    merge_base = client.merge_base(base or request.base, request.head)
    commits = {"base_commit": request.base_commit or merge_base, "trusted_commit": merge_base}
    return _on_runners(request.model_copy(update=commits), circumstances)


def _on_runners(request: RunRequest, circumstances: Circumstances) -> RunRequest:
    kinds = circumstances.names.runners
    runners = request.runners or kinds
    left_out = tuple(kind for kind in kinds if kind not in runners)
    return request.model_copy(update={"runners": runners, "left_out": left_out})


def _carry_out(intake: Intake, client: Client) -> None:
    for action in intake.actions:
        client.apply(action)
    if intake.answer is not None:
        marker, body = intake.answer
        _keep_comment(marker, body, client)


def _keep_comment(marker: Marker, body: str, client: Client) -> None:
    converge(
        client.comments,
        lambda comments: decide_comment(marker, body, comments, client.identity),
        client,
    )


def _open_check(request: RunRequest, client: Client, circumstances: Circumstances) -> None:
    text = opening_check(request)
    run = request.results_run or circumstances.own_run
    converge(
        lambda: client.checks(request.head),
        lambda checks: decide_check(text, run, request.head, checks),
        client,
    )
