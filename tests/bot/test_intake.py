"""Who may do what, which commit is meant, what is measured: decisions without any GitHub."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.events.comments import parse_comment
from bot.events.comments.base import Facts, ValidNames
from bot.events.intake import (
    concerns_us,
    mark_stale,
    merge_requests,
    request_for_push,
    run_of,
    runs_of_pull,
    take_comment,
)
from bot.github.actions import CancelRun, UpdateComment
from bot.github.events import CommentEvent, PullRequestEvent
from bot.github.values import Check, Comment, Identity, Pull, WorkflowRun
from bot.plan.request import AcceptedModel, RunRequest
from bot.publish.comment import Marker, compose
from core.errors import InputError

KNOWN = ValidNames(("A", "B"), ("qat",), ("cpu", "gpu"))
WHO = Identity()
HEAD, BASE = "a" * 40, "b" * 40
PULL = Pull(7, True, HEAD, "develop")
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def comment_event(body="/rebench", **changes):
    comment = {"id": 5, "body": body, "user": {"login": "ann", "type": "User"}}
    data = {
        "action": "created",
        "issue": {"number": 7, "state": "open", "pull_request": {"url": "u"}},
        "comment": comment,
        "repository": {"full_name": "suite/models"},
    }
    for where, value in changes.items():
        *parents, last = where.split("__")
        node = data
        for part in parents:
            node = node[part]
        node[last] = value
    return CommentEvent.model_validate(data)


def push_event(action="synchronize", head=HEAD, changes=()):
    pull = {
        "number": 7,
        "head": {"sha": head, "ref": "$(touch x)"},
        "base": {"sha": BASE, "ref": "develop"},
    }
    data = {
        "action": action,
        "pull_request": pull,
        "repository": {"full_name": "suite/models"},
        "changes": {key: {"from": "x"} for key in changes},
    }
    return PullRequestEvent.model_validate(data)


def take(body, role="write", runs=(), check=None, comments=()):
    event = comment_event(body)
    parsed = list(parse_comment(body, KNOWN))
    facts = Facts(PULL, "ann", role, runs, check)
    return take_comment(event, parsed, facts, comments, WHO, NOW)


def test_a_push_is_measured_at_the_commit_of_the_event():
    request = request_for_push(push_event(), PULL)
    assert (request.head, request.base, request.reviewed) == (HEAD, "develop", False)


@pytest.mark.parametrize(
    ("event", "pull"),
    [
        (push_event(head="c" * 40), PULL),  # a newer push came
        (push_event("labeled"), PULL),
        (push_event("edited", changes=["title", "body"]), PULL),
        (push_event("closed"), PULL),
        (push_event(), Pull(7, False, HEAD, "develop")),
    ],
)
def test_pushes_that_are_not_measured(event, pull):
    assert request_for_push(event, pull) is None


def test_another_base_branch_is_measured():
    assert request_for_push(push_event("edited", changes=["base"]), PULL).head == HEAD


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "edited"},
        {"action": "deleted"},
        {"issue__pull_request": None},
        {"issue__state": "closed"},
        {"comment__user": {"login": "x[bot]", "type": "Bot"}},
        {"comment__user": {"login": WHO.login, "type": "User"}},
    ],
)
def test_comments_that_do_not_concern_us(changes):
    assert concerns_us(comment_event(), WHO)
    assert not concerns_us(comment_event(**changes), WHO)


@pytest.mark.parametrize("role", ["write", "maintain", "admin"])
def test_people_who_may_write_may_run(role):
    assert take("/rebench A", role).request.models == ("A",)


@pytest.mark.parametrize("role", ["none", "read", "triage", "Write", "owner", ""])
@pytest.mark.parametrize(
    "body", ["/rebench", "/rebench cancel", "/rebench compare x", "/rebench accept A --reason r"]
)
def test_others_may_not(role, body):
    run = WorkflowRun(3, "slimgate.yml", "slimgate #7", "queued", "u")
    intake = take(body, role, runs=(run,))
    assert (intake.request, intake.actions) == (None, ())
    assert "only people who may write" in intake.answer[1]


def test_naming_the_head_makes_it_reviewed():
    assert take(f"/rebench {HEAD[:7]}").request.reviewed
    assert take(f"/rebench {HEAD}").request.reviewed
    assert not take("/rebench").request.reviewed


def test_naming_another_commit_is_refused():
    intake = take("/rebench " + "c" * 40)
    assert intake.request is None
    assert HEAD[:12] in intake.answer[1]


FAILED = Check(1, HEAD, "failure", "Accuracy regressed", "", "run-42", 0)


def test_several_commands():
    body = "/rebench A\n/rebench B\n/rebench status\n/rebench accept A --reason 'as agreed'"
    intake = take(body, check=FAILED)
    assert intake.request.models == ("A", "B")
    accepted = AcceptedModel(model="A", reason="as agreed", author="ann")
    assert intake.request.accepted == (accepted,)


def test_accepting_measures_nothing_anew():
    request = take("/rebench accept A --reason 'as agreed'", check=FAILED).request
    assert (request.origin, request.head, request.results_run) == ("acceptance", HEAD, 42)


@pytest.mark.parametrize(
    "check",
    [
        None,
        Check(1, HEAD, None, "Measuring", "", "run-42", 0),
        Check(1, HEAD, "failure", "x", "", "", 0),
    ],
)
def test_what_was_not_found_yet_cannot_be_accepted(check):
    intake = take("/rebench accept A --reason 'as agreed'", check=check)
    assert intake.request is None
    assert "nothing was found" in intake.answer[1]


@pytest.mark.parametrize("external_id", ["", "run-", "run-x", "run-1 2", "run-" + "9" * 30])
def test_a_check_of_another_making_names_no_run(external_id):
    check = Check(1, HEAD, "failure", "x", "", external_id, 0)
    assert run_of(check) is None
    assert run_of(None) is None


def test_runs_that_do_not_agree():
    intake = take("/rebench A\n/rebench B --full")
    assert intake.request.models == ("A",)
    assert "asks for another run" in intake.answer[1]
    with pytest.raises(InputError):
        merge_requests(take("/rebench").request, take("/rebench A").request)


def test_cancel_stops_the_runs_of_this_pull_request_only():
    runs = [
        WorkflowRun(1, ".github/workflows/slimgate.yml", "slimgate #7", "queued", "u"),
        WorkflowRun(2, ".github/workflows/slimgate.yml", "slimgate #70", "queued", "u"),
        WorkflowRun(3, ".github/workflows/ci.yml", "slimgate #7", "queued", "u"),
        WorkflowRun(4, ".github/workflows/slimgate.yml", "slimgate #7", "queued", "u"),
    ]
    ours = runs_of_pull(runs, 7, own_run=4)
    assert [run.id for run in ours] == [1]
    assert take("/rebench cancel", runs=ours).actions == (CancelRun(1),)


def test_status_tells_of_the_check():
    check = Check(1, HEAD, "failure", "Accuracy regressed", "", "run-1", 0)
    assert "failure, Accuracy regressed" in take("/rebench status", "none", check=check).answer[1]


def test_the_bot_does_not_talk_without_end():
    recent = [Comment(i, WHO.login, "x", NOW - timedelta(minutes=i)) for i in range(20)]
    assert take("/rebench help", comments=recent[:19]).answer is not None
    assert take("/rebench help", comments=recent).answer is None
    old = [Comment(i, WHO.login, "x", NOW - timedelta(hours=2)) for i in range(50)]
    assert take("/rebench help", comments=old).answer is not None


def test_the_report_of_an_earlier_head_is_marked_once():
    body = compose(Marker("report", "c" * 40), "", "numbers")
    comments = [Comment(1, WHO.login, body, NOW), Comment(2, "eve", body, NOW)]
    (action,) = mark_stale(comments, HEAD, WHO)
    assert isinstance(action, UpdateComment)
    assert action.body.splitlines()[1].startswith("> ⏳ Measuring `aaaaaaaaaaaa`")
    assert "numbers" in action.body
    assert mark_stale([Comment(1, WHO.login, action.body, NOW)], HEAD, WHO) == []


def test_the_report_of_this_head_is_not_stale():
    body = compose(Marker("report", HEAD), "", "numbers")
    assert mark_stale([Comment(1, WHO.login, body, NOW)], HEAD, WHO) == []


def test_requests_survive_storage():
    request = take("/rebench A --runner gpu --full").request
    assert RunRequest.model_validate_json(request.model_dump_json(by_alias=True)) == request
