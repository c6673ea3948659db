"""Answers an event: fetches what the decision needs, carries it out, says what is to follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.comments.base import Facts, Known
from bot.github.client import Client
from bot.github.events import BranchEvent, CommentEvent, Event, PullRequestEvent
from bot.intake import (
    Intake,
    acknowledge,
    concerns_us,
    mark_stale,
    opening_check,
    parse_event_comment,
    request_for_push,
    runs_of_pull,
    take_comment,
)
from bot.publish.check import decide_check
from bot.publish.comment import Marker, decide_comment
from bot.publish.converge import converge
from bot.request import RunRequest


@dataclass(frozen=True)
class Circumstances:
    """What the gate knows beside the event: valid names, the default branch's head, our own
    workflow run, the time.
    """

    known: Known
    branch_head: str
    own_run: int
    now: datetime


def answer_event(event: Event, client: Client, known: Circumstances) -> RunRequest | None:
    """Answers on GitHub and returns what is to follow; raises GitHubError."""
    if isinstance(event, PullRequestEvent):
        return _answer_push(event, client, known)
    if isinstance(event, CommentEvent):
        return _answer_comment(event, client, known)
    return _request_for_branch(event, known)


def _request_for_branch(event: BranchEvent, known: Circumstances) -> RunRequest:
    branch = event.repository.default_branch
    return RunRequest(
        origin="branch", number=None, base=branch, head=known.branch_head, everything=True
    )


def _answer_push(
    event: PullRequestEvent, client: Client, known: Circumstances
) -> RunRequest | None:
    request = request_for_push(event, client.pull())
    if request is not None:
        _open_check(request, client, known)
        for action in mark_stale(client.comments(), request.head, client.who):
            client.apply(action)
    return request


def _answer_comment(event: CommentEvent, client: Client, known: Circumstances) -> RunRequest | None:
    parsed = parse_event_comment(event, known.known) if concerns_us(event, client.who) else []
    if not parsed:
        return None
    client.apply(acknowledge(event))
    pull = client.pull()
    checks = client.checks(pull.head_sha)
    facts = Facts(
        pull=pull,
        author=event.comment.user.login,
        role=client.role(event.comment.user.login),
        runs=runs_of_pull(client.active_runs(), pull.number, known.own_run),
        check=max(checks, key=lambda check: check.id, default=None),
    )
    comments = client.comments()
    intake = take_comment(event, parsed, facts, comments, client.who, known.now)
    _carry_out(intake, client)
    if intake.request is not None and intake.request.against is None:
        _open_check(intake.request, client, known)
    return intake.request


def _carry_out(intake: Intake, client: Client) -> None:
    for action in intake.actions:
        client.apply(action)
    if intake.answer is not None:
        marker, body = intake.answer
        _keep_comment(marker, body, client)


def _keep_comment(marker: Marker, body: str, client: Client) -> None:
    converge(
        client.comments,
        lambda comments: decide_comment(marker, body, comments, client.who),
        client,
    )


def _open_check(request: RunRequest, client: Client, known: Circumstances) -> None:
    text = opening_check(request)
    run = request.results_run or known.own_run
    converge(
        lambda: client.checks(request.head),
        lambda checks: decide_check(text, f"run-{run}", request.head, checks),
        client,
    )
