"""Decides what an event leads to: who may do it, for which commit, and what to measure. Pure.

``bot.events.gatekeeper`` fetches the facts and carries out the decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.events.comments import ParsedCommand, carry_out, parse_comment
from bot.events.comments.answers import Answer, answer, render_answers
from bot.events.comments.base import CommandOutcome, Facts, ValidNames
from bot.github.actions import Action, React, UpdateComment
from bot.github.events import CommentEvent, PullRequestEvent
from bot.github.values import Check, CheckText, Comment, Identity, Pull, WorkflowRun
from bot.plan.request import AcceptedModel, RunRequest
from bot.publish.check import run_of
from bot.publish.comment import REPORT, Marker, compose, own_comments, with_banner
from core.errors import InputError

PUSHED = ("opened", "reopened", "synchronize")
MAX_ANSWERS_PER_HOUR = 20


@dataclass(frozen=True)
class Intake:
    """What an event leads to. ``answer`` is the marker and body of a comment, if one is due."""

    request: RunRequest | None = None
    actions: tuple[Action, ...] = ()
    answer: tuple[Marker, str] | None = None


def request_for_push(event: PullRequestEvent, pull: Pull) -> RunRequest | None:
    """A run of the pushed head; None if the pull request is closed or has a newer head."""
    retargeted = event.action == "edited" and "base" in event.changes
    if not pull.is_open or not (event.action in PUSHED or retargeted):
        return None
    if event.pull_request.head.sha != pull.head_sha:
        return None  # the newer head has an event of its own
    return RunRequest(origin="push", number=pull.number, base=pull.base_ref, head=pull.head_sha)


def request_for_merge(event: PullRequestEvent, check: Check | None) -> RunRequest | None:
    """A request to add a merged pull request's results to the history; None if it has no results
    or was merged into a branch other than the default.
    """
    pull, run = event.pull_request, run_of(check)
    into_default = pull.base.ref == event.repository.default_branch
    if not (event.action == "closed" and pull.merged and into_default and run):
        return None
    return RunRequest(
        origin="merged",
        number=None,
        base=pull.base.ref,
        head=pull.head.sha,
        results_run=run,
        merged_as=pull.merge_commit_sha,
    )


def mark_stale(
    comments: Sequence[Comment], head: str, identity: Identity, retargeted: bool = False
) -> list[Action]:
    """Puts a banner on the report of an earlier head or of another base: this commit is being
    measured against the present one.
    """
    about = "another base" if retargeted else "an earlier commit"
    banner = f"> ⏳ Measuring `{head[:12]}`; the report below is about {about}."
    return [
        UpdateComment(own.comment.id, with_banner(own.comment.body, banner))
        for own in own_comments(comments, identity, REPORT)
        if (retargeted or own.marker.key != head)
        and with_banner(own.comment.body, banner) != own.comment.body
    ]


def concerns_us(event: CommentEvent, identity: Identity) -> bool:
    """Whether a comment can hold commands: it is new, by a person, on an open pull request. The
    account of its author may have been deleted since.
    """
    author = event.comment.user
    return (
        event.action == "created"
        and event.issue.pull_request is not None
        and event.issue.state == "open"
        and author is not None
        and author.type == "User"
        and author.login != identity.login
    )


def take_comment(
    event: CommentEvent,
    commands: Sequence[ParsedCommand],
    facts: Facts,
    comments: Sequence[Comment],
    identity: Identity,
    now: datetime,
) -> Intake:
    """Carries out each command; commands that request runs may differ in their models only."""
    outcomes: list[CommandOutcome | InputError] = []
    request: RunRequest | None = None
    for command in commands:
        outcome = _carry_out(command, facts)
        if isinstance(outcome, CommandOutcome) and outcome.request is not None:
            try:
                request = merge_requests(request, outcome.request)
            except InputError as error:
                outcome = error
        outcomes.append(outcome)
    successes = [outcome for outcome in outcomes if isinstance(outcome, CommandOutcome)]
    answers = [
        answer(command, outcome) for command, outcome in zip(commands, outcomes, strict=True)
    ]
    return Intake(
        request=with_accepted(
            request, tuple(outcome.accepted for outcome in successes if outcome.accepted), facts
        ),
        actions=tuple(action for outcome in successes for action in outcome.actions),
        answer=_answer(event, answers, commands) if _may_answer(comments, identity, now) else None,
    )


def _carry_out(parsed: ParsedCommand, facts: Facts) -> CommandOutcome | InputError:
    try:
        return carry_out(parsed, facts)
    except InputError as error:
        return error


def merge_requests(first: RunRequest | None, second: RunRequest) -> RunRequest:
    """One request for both; raises InputError if they differ in more than their models."""
    if first is None or first == second:
        return second
    same = first.model_copy(update={"models": second.models})
    if same != second or not (first.models and second.models):
        raise InputError(
            "another command in this comment asks for a different run",
            hint="when that run has ended, put this command into a new comment",
        )
    models = tuple(dict.fromkeys((*first.models, *second.models)))
    return second.model_copy(update={"models": models})


def with_accepted(
    request: RunRequest | None, accepted: tuple[AcceptedModel, ...], facts: Facts
) -> RunRequest | None:
    """The request with the accepted models; without a run, the earlier results are judged again."""
    if request is None and accepted:
        return RunRequest(
            origin="acceptance",
            number=facts.pull.number,
            base=facts.pull.base_ref,
            head=facts.pull.head_sha,
            accepted=accepted,
            results_run=run_of(facts.check),
        )
    return request.model_copy(update={"accepted": accepted}) if request else None


def acknowledge(event: CommentEvent) -> React:
    """The reaction that confirms at once that the comment was read."""
    return React(event.comment.id, "eyes")


def _answer(
    event: CommentEvent, answers: Sequence[Answer], commands: Sequence[ParsedCommand]
) -> tuple[Marker, str]:
    marker = Marker(f"answer-{event.comment.id}")
    return marker, compose(marker, "", render_answers(answers, commands))


def _may_answer(comments: Sequence[Comment], identity: Identity, now: datetime) -> bool:
    """Whether we gave fewer than ``MAX_ANSWERS_PER_HOUR`` answers in the last hour: strangers
    could make us flood the conversation.
    """
    recent = [
        c
        for c in comments
        if c.author == identity.login and now - c.created_at < timedelta(hours=1)
    ]
    return len(recent) < MAX_ANSWERS_PER_HOUR


def parse_event_comment(event: CommentEvent, names: ValidNames) -> list[ParsedCommand]:
    """The commands of the comment."""
    return list(parse_comment(event.comment.body, names))


def our_runs(runs: Sequence[WorkflowRun]) -> list[WorkflowRun]:
    """Runs of our workflows, by the names of their files."""
    return [run for run in runs if run.path.rpartition("/")[2].startswith("slimgate")]


def title_of(number: int) -> str:
    """The title of the runs for one pull request (``run-name`` of the workflow files, which a pull
    request cannot change).
    """
    return f"slimgate #{number}"


def runs_of_pull(runs: Sequence[WorkflowRun], number: int, own_run: int) -> tuple[WorkflowRun, ...]:
    """Active runs of our workflows for one pull request, without the run ``own_run``."""
    title = title_of(number)
    return tuple(run for run in our_runs(runs) if run.id != own_run and run.title == title)


def opening_check(request: RunRequest) -> CheckText:
    """The text of the check while the run is in progress."""
    return CheckText(None, "Measuring", f"Measuring {request.head[:12]} against {request.base}.")
