"""What the answers to several kinds of events share: checks, answers, and commits to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.events.comments.base import ValidNames
from bot.events.intake import opening_check
from bot.events.limits import AuthorLimits
from bot.github.client import Client
from bot.github.values import CheckText
from bot.plan.request import RunRequest
from bot.publish.check import decide_check
from bot.publish.comment import Marker, decide_comment
from bot.publish.converge import converge


@dataclass(frozen=True)
class Circumstances:
    """What a decision needs besides the event: valid names, the head of the default branch, the
    id of this workflow run, the current time, and how many runs one author may start.
    """

    names: ValidNames
    branch_head: str
    own_run: int
    now: datetime
    limits: AuthorLimits


def pinned(
    request: RunRequest, client: Client, circumstances: Circumstances, base: str | None = None
) -> RunRequest:
    """The request with its base and trusted commits, resolved now: later jobs look up nothing."""
    merge_base = client.merge_base(base or request.base, request.head)
    commits = {"base_commit": request.base_commit or merge_base, "trusted_commit": merge_base}
    return on_runners(request.model_copy(update=commits), circumstances)


def on_runners(request: RunRequest, circumstances: Circumstances) -> RunRequest:
    """The request with the kinds of runners that measure, and those that do not; a comparison of
    runtimes needs one kind alone.
    """
    kinds = circumstances.names.runners
    runners = request.runners or kinds
    others = () if request.runtimes is not None else kinds
    left_out = tuple(kind for kind in others if kind not in runners)
    return request.model_copy(update={"runners": runners, "left_out": left_out})


def keep_comment(marker: Marker, body: str, client: Client) -> None:
    """Keeps one comment of ours of the marker's kind, with this body; raises GitHubError."""
    converge(
        client.comments,
        lambda comments: decide_comment(marker, body, comments, client.identity),
        client,
    )


def open_check(request: RunRequest, client: Client, circumstances: Circumstances) -> None:
    """Opens our check on the requested head; raises GitHubError."""
    run = request.results_run or circumstances.own_run
    write_check(opening_check(request), run, request.head, client)


def write_check(text: CheckText, run: int, head: str, client: Client) -> None:
    """Brings our check on a commit to this text, of the workflow run ``run``; raises
    GitHubError.
    """
    converge(
        lambda: client.checks(head), lambda checks: decide_check(text, run, head, checks), client
    )
