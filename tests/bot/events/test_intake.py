"""Who may do what, which commit is meant, what is measured: decisions without any GitHub."""

from datetime import timedelta

import pytest

from bot.events.intake import (
    acknowledge,
    concerns_us,
    mark_stale,
    merge_requests,
    opening_check,
    request_for_merge,
    request_for_push,
    runs_of_pull,
    take_comment,
    with_accepted,
)
from bot.github.actions import CancelRun, React, UpdateComment
from bot.github.values import Check, CheckText, Comment, Pull, WorkflowRun
from bot.plan.request import AcceptedModel, RunRequest
from bot.publish.comment import Marker, compose
from core.errors import InputError
from tests.bot.events.builders import (
    FAILED,
    HEAD,
    IDENTITY,
    NOW,
    PULL,
    QUEUED,
    comment_event,
    make_facts,
    pull_event,
    take,
)

TINY, LITE = "PP-LiteSeg-Tiny", "PP-HumanSeg-Lite"
ACCEPT = f"/rebench accept {TINY} --reason 'as agreed'"
ACCEPTED = AcceptedModel(model=TINY, reason="as agreed", author="ann")


def test_a_push_is_measured_at_the_commit_of_the_event():
    request = request_for_push(pull_event(), PULL)
    assert (request.head, request.base, request.number) == (HEAD, "develop", 7)
    assert (request.origin, request.reviewed) == ("push", False)


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize"])
def test_each_way_to_push_is_measured(action):
    assert request_for_push(pull_event(action), PULL).head == HEAD


@pytest.mark.parametrize(
    ("event", "pull"),
    [
        (pull_event(head="c" * 40), PULL),  # a newer push came
        (pull_event("labeled"), PULL),
        (pull_event("edited", changes=["title", "body"]), PULL),
        (pull_event("closed"), PULL),
        (pull_event("closed", changes=["base"]), PULL),
        (pull_event(), Pull(7, False, HEAD, "develop")),
    ],
)
def test_other_events_of_a_pull_request_are_not_measured(event, pull):
    assert request_for_push(event, pull) is None


def test_a_change_of_the_base_branch_is_measured():
    assert request_for_push(pull_event("edited", changes=["base"]), PULL).head == HEAD


def test_a_merge_keeps_what_was_measured_of_the_head():
    event = pull_event("closed", merged=True, merge_commit_sha="c" * 40)
    request = request_for_merge(event, FAILED)
    assert (request.origin, request.number, request.results_run) == ("merged", None, 42)
    assert (request.head, request.merged_as) == (HEAD, "c" * 40)


@pytest.mark.parametrize(
    ("event", "check"),
    [
        (pull_event("closed", merged=True), None),
        (pull_event("closed", merged=True), Check(1, HEAD, "failure", "x", "", "", 0)),
        (pull_event("closed", merged=False), FAILED),
        (pull_event("synchronize", merged=True), FAILED),
        (pull_event("closed", merged=True, base="release"), FAILED),
    ],
    ids=["no check", "check of a job", "not merged", "not closed", "another branch"],
)
def test_a_close_without_results_for_the_default_branch_keeps_nothing(event, check):
    assert request_for_merge(event, check) is None


def test_a_new_comment_of_a_person_concerns_us():
    assert concerns_us(comment_event(), IDENTITY)


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "edited"},
        {"action": "deleted"},
        {"issue__pull_request": None},
        {"issue__state": "closed"},
        {"comment__user": {"login": "x[bot]", "type": "Bot"}},
        {"comment__user": {"login": IDENTITY.login, "type": "User"}},
    ],
)
def test_any_other_comment_does_not_concern_us(changes):
    assert not concerns_us(comment_event(**changes), IDENTITY)


def test_the_acknowledgement_is_a_reaction_to_the_comment():
    assert acknowledge(comment_event()) == React(5, "eyes")


@pytest.mark.parametrize("role", ["write", "maintain", "admin"])
def test_people_who_may_write_may_run(role):
    assert take(f"/rebench {TINY}", role=role).request.models == (TINY,)


@pytest.mark.parametrize("role", ["none", "read", "triage", "Write", "owner", ""])
@pytest.mark.parametrize("body", ["/rebench", "/rebench cancel", "/rebench compare x", ACCEPT])
def test_people_who_may_not_write_start_and_stop_nothing(role, body):
    intake = take(body, role=role, runs=[QUEUED], check=FAILED)
    assert (intake.request, intake.actions) == (None, ())
    assert "only people who may write" in intake.answer[1]


def test_one_comment_may_hold_several_commands():
    body = f"/rebench {TINY}\n/rebench {LITE}\n/rebench status\n{ACCEPT}"
    intake = take(body, check=FAILED)
    assert intake.request.models == (TINY, LITE)
    assert intake.request.accepted == (ACCEPTED,)
    assert intake.answer[0] == Marker("answer-5")
    assert intake.answer[1].count("<code>/rebench") == 4


def test_accepting_measures_nothing_anew():
    request = take(ACCEPT, check=FAILED).request
    assert (request.origin, request.head, request.results_run) == ("acceptance", HEAD, 42)


def test_without_a_run_and_an_acceptance_nothing_is_requested():
    assert with_accepted(None, (), make_facts(check=FAILED)) is None


def test_the_second_of_two_runs_that_differ_is_refused():
    intake = take(f"/rebench {TINY}\n/rebench {LITE} --full")
    assert intake.request.models == (TINY,)
    assert "asks for a different run" in intake.answer[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/rebench", f"/rebench {TINY}"),
        (f"/rebench {TINY}", "/rebench"),
        (f"/rebench {TINY}", "/rebench all"),
        (f"/rebench {TINY} --recipe qat", f"/rebench {TINY} --recipe ptq"),
        ("/rebench --runner cpu", "/rebench --runner gpu"),
    ],
)
def test_runs_that_differ_in_more_than_their_models_are_not_merged(first, second):
    with pytest.raises(InputError) as caught:
        merge_requests(take(first).request, take(second).request)
    assert "into a new comment" in caught.value.hint


def test_the_same_run_twice_is_one_run():
    request = take("/rebench all").request
    assert merge_requests(request, request) == request
    assert merge_requests(None, request) == request


def test_models_of_merged_runs_are_named_once():
    first, second = take(f"/rebench {TINY} {LITE}").request, take(f"/rebench {TINY}").request
    assert merge_requests(first, second).models == (TINY, LITE)


def test_only_our_runs_of_this_pull_request_are_active_runs():
    runs = [
        WorkflowRun(1, ".github/workflows/slimgate.yml", "slimgate #7", "queued", "u"),
        WorkflowRun(2, ".github/workflows/slimgate.yml", "slimgate #70", "queued", "u"),
        WorkflowRun(3, ".github/workflows/ci.yml", "slimgate #7", "queued", "u"),
        WorkflowRun(4, ".github/workflows/slimgate.yml", "slimgate #7", "queued", "u"),
        WorkflowRun(5, ".github/workflows/slimgate-comment.yml", "slimgate #7", "queued", "u"),
    ]
    ours = runs_of_pull(runs, 7, own_run=4)
    assert [run.id for run in ours] == [1, 5]
    assert take("/rebench cancel", runs=ours).actions == (CancelRun(1), CancelRun(5))


def test_the_bot_gives_at_most_twenty_answers_an_hour():
    recent = [Comment(i, IDENTITY.login, "x", NOW - timedelta(minutes=i)) for i in range(20)]
    assert take("/rebench help", comments=recent[:19]).answer is not None
    assert take("/rebench help", comments=recent).answer is None
    old = [Comment(i, IDENTITY.login, "x", NOW - timedelta(hours=1)) for i in range(50)]
    assert take("/rebench help", comments=old).answer is not None
    strangers = [Comment(i, "eve", "x", NOW) for i in range(50)]
    assert take("/rebench help", comments=strangers).answer is not None


def test_a_comment_without_commands_leads_to_no_request():
    intake = take_comment(comment_event(), [], make_facts(), [], IDENTITY, NOW)
    assert (intake.request, intake.actions) == (None, ())


def test_the_report_of_an_earlier_head_is_marked_once():
    body = compose(Marker("report", "c" * 40), "", "numbers")
    comments = [Comment(1, IDENTITY.login, body, NOW), Comment(2, "eve", body, NOW)]
    (action,) = mark_stale(comments, HEAD, IDENTITY)
    assert isinstance(action, UpdateComment)
    assert action.body.splitlines()[1].startswith("> ⏳ Measuring `aaaaaaaaaaaa`")
    assert "numbers" in action.body
    assert mark_stale([Comment(1, IDENTITY.login, action.body, NOW)], HEAD, IDENTITY) == []


def test_the_report_of_this_head_is_not_stale():
    body = compose(Marker("report", HEAD), "", "numbers")
    assert mark_stale([Comment(1, IDENTITY.login, body, NOW)], HEAD, IDENTITY) == []


def test_the_report_against_another_base_is_stale():
    body = compose(Marker("report", HEAD), "", "numbers")
    (action,) = mark_stale([Comment(1, IDENTITY.login, body, NOW)], HEAD, IDENTITY, retargeted=True)
    assert action.body.splitlines()[1].endswith("the report below is about another base.")


def test_an_open_check_says_which_commit_is_measured():
    request = request_for_push(pull_event(), PULL)
    summary = "Measuring aaaaaaaaaaaa against develop."
    assert opening_check(request) == CheckText(None, "Measuring", summary)


def test_requests_survive_storage():
    request = take(f"/rebench {TINY} --runner gpu --full").request
    assert RunRequest.model_validate_json(request.model_dump_json(by_alias=True)) == request
