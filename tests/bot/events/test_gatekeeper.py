"""Events are answered on the emulated GitHub: reactions, checks, answers, and the request."""

import pytest

from bot.events.gatekeeper import answer_event
from bot.events.limits import AuthorLimits
from bot.events.steps import Circumstances
from bot.github.actions import CreateCheck, CreateComment
from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.github.events import BranchEvent, CommentEvent, PullRequestEvent
from bot.github.values import CheckText
from bot.publish.check import external_id
from bot.publish.comment import Marker, compose
from core.errors import InputError
from examples.github.front import Fault
from tests.bot.events.builders import NAMES, NOW
from tests.github.world import workflow_run

LIMITS = AuthorLimits(at_once=2, per_day=4)
CIRCUMSTANCES = Circumstances(NAMES, "d" * 40, 5, NOW, LIMITS)
REPOSITORY = {"full_name": "suite/models", "default_branch": "main"}


def pull_event(world, action="synchronize", head="regression", **pull):
    """An event of pull request 1, whose head is the example's branch ``head``."""
    data = {
        "number": 1,
        "head": {"sha": world.commits[head], "ref": "change"},
        "base": {"sha": world.commits["main"], "ref": "main"},
        **pull,
    }
    return PullRequestEvent.model_validate(
        {
            "action": action,
            "pull_request": data,
            "repository": REPOSITORY,
            "sender": {"login": "contributor", "type": "User"},
        }
    )


def comment_event(world, body, login="maintainer"):
    """A comment that was really posted on pull request 1."""
    comment = world.github.call("POST", "/issues/1/comments", login, body=body)
    issue = {"number": 1, "state": "open", "pull_request": {"url": "u"}}
    data = {"id": comment["id"], "body": body, "user": {"login": login, "type": "User"}}
    return CommentEvent.model_validate(
        {"action": "created", "issue": issue, "comment": data, "repository": REPOSITORY}
    )


def answers(world):
    return [c["body"] for c in world.comments() if c["user"]["login"].endswith("[bot]")]


def writes(world):
    return [request.path for request in world.github.front.record if request.method != "GET"]


def test_a_push_opens_the_check_and_pins_the_commits(world):
    request = answer_event(pull_event(world), world.client, CIRCUMSTANCES)
    assert (request.origin, request.head) == ("push", world.commits["regression"])
    assert request.base_commit == request.trusted_commit == world.commits["main"]
    assert (request.runners, request.left_out) == (("cpu", "gpu"), ())
    (check,) = world.checks(request.head)
    assert (check["status"], check["output"]["title"]) == ("in_progress", "Measuring")
    assert check["external_id"] == "run-5"


def test_a_push_marks_the_report_of_the_earlier_head(world):
    body = compose(Marker("report", "c" * 40), "", "numbers")
    world.client.apply(CreateComment(body))
    answer_event(pull_event(world), world.client, CIRCUMSTANCES)
    (report,) = answers(world)
    assert report.splitlines()[1].startswith("> ⏳ Measuring")


def test_another_base_marks_the_report_of_the_same_head(world):
    head = world.commits["regression"]
    world.client.apply(CreateComment(compose(Marker("report", head), "", "numbers")))
    event = pull_event(world, "edited").model_copy(update={"changes": {"base": {}}})
    assert answer_event(event, world.client, CIRCUMSTANCES).head == head
    (report,) = answers(world)
    assert report.splitlines()[1].endswith("about another base.")


@pytest.mark.parametrize("part", ["/issues/comments/", "/issues/1/comments"])
def test_a_push_is_measured_though_the_report_gets_no_banner(world, part):
    world.client.apply(CreateComment(compose(Marker("report", "c" * 40), "", "numbers")))
    world.github.front.fault = lambda _, request: Fault(403) if part in request.path else None
    assert answer_event(pull_event(world), world.client, CIRCUMSTANCES).origin == "push"


def test_a_command_is_carried_out_though_github_takes_no_reaction(world):
    world.github.front.fault = lambda _, request: (
        Fault(403) if "reactions" in request.path else None
    )
    event = comment_event(world, "/rebench")
    assert answer_event(event, world.client, CIRCUMSTANCES).origin == "command"


@pytest.mark.parametrize(("action", "head"), [("labeled", "regression"), ("synchronize", "benign")])
def test_a_label_or_an_older_push_changes_nothing(world, action, head):
    assert answer_event(pull_event(world, action, head), world.client, CIRCUMSTANCES) is None
    assert writes(world) == []


def test_a_maintainers_command_is_acknowledged_answered_and_requested(world):
    event = comment_event(world, "/rebench --runner cpu")
    request = answer_event(event, world.client, CIRCUMSTANCES)
    assert world.github.front.reactions == {event.comment.id: ["eyes"]}
    (answer,) = answers(world)
    assert "<code>/rebench --runner cpu</code>: measuring the affected models" in answer
    assert (request.runners, request.left_out) == (("cpu",), ("gpu",))
    assert request.base_commit == world.commits["main"]
    (check,) = world.checks(request.head)
    assert check["status"] == "in_progress"


def test_a_strangers_command_is_answered_and_starts_nothing(world):
    event = comment_event(world, "/rebench compare main", "stranger")
    assert answer_event(event, world.client, CIRCUMSTANCES) is None
    (answer,) = answers(world)
    assert "the role of stranger is" in answer
    assert not any("/commits/main" in r.path for r in world.github.front.record)
    assert world.checks(world.commits["regression"]) == []


def test_a_comment_without_commands_asks_github_nothing(world):
    event = comment_event(world, "looks good")
    assert answer_event(event, world.client, CIRCUMSTANCES) is None
    assert world.github.front.record == []


def test_a_comparison_is_pinned_and_leaves_the_check_alone(world):
    event = comment_event(world, "/rebench compare main")
    request = answer_event(event, world.client, CIRCUMSTANCES)
    assert (request.against, request.base_commit) == ("main", world.commits["main"])
    assert request.trusted_commit == world.commits["main"]
    assert world.checks(request.head) == []


def test_a_comparison_of_runtimes_is_of_the_head_and_leaves_the_check_alone(world):
    event = comment_event(world, "/rebench --runtime paddle-3")
    request = answer_event(event, world.client, CIRCUMSTANCES)
    assert request.base_commit == request.head
    assert request.trusted_commit == world.commits["main"]
    assert (request.runners, request.left_out) == (("cpu",), ())
    assert world.checks(request.head) == []


def test_a_comparison_with_a_revision_that_does_not_exist_is_refused(world):
    event = comment_event(world, "/rebench compare nowhere")
    assert answer_event(event, world.client, CIRCUMSTANCES) is None
    assert "no revision" in answers(world)[0]


def test_accepting_opens_the_check_of_the_run_that_is_judged_again(world):
    head = world.commits["regression"]
    text = CheckText("failure", "Accuracy regressed", "")
    world.client.apply(CreateCheck(head, text, external_id(4)))
    event = comment_event(world, "/rebench accept deadbee --reason known")
    request = answer_event(event, world.client, CIRCUMSTANCES)
    assert (request.origin, request.results_run) == ("acceptance", 4)
    newest = max(world.checks(head), key=lambda check: check["id"])
    assert (newest["status"], newest["external_id"]) == ("in_progress", "run-4")


def test_cancelling_stops_the_other_runs_of_the_pull_request(world):
    runs = [workflow_run(4), workflow_run(5), workflow_run(6, "slimgate #2")]
    world.github.front.active_runs = runs
    assert (
        answer_event(comment_event(world, "/rebench cancel"), world.client, CIRCUMSTANCES) is None
    )
    assert world.github.front.cancelled == [4]


def test_closing_without_a_merge_stops_what_runs(world):
    world.github.call("PATCH", "/pulls/1", state="closed")
    world.github.front.active_runs = [workflow_run(4), workflow_run(5)]
    event = pull_event(world, "closed")
    assert answer_event(event, world.client, CIRCUMSTANCES) is None
    assert world.github.front.cancelled == [4]


def test_a_pull_request_that_was_reopened_meanwhile_keeps_its_runs(world):
    world.github.front.active_runs = [workflow_run(4), workflow_run(6)]
    assert answer_event(pull_event(world, "closed"), world.client, CIRCUMSTANCES) is None
    assert world.github.front.cancelled == []


def test_a_merge_without_results_requests_nothing(world):
    event = pull_event(world, "closed", merged=True)
    assert answer_event(event, world.client, CIRCUMSTANCES) is None


def test_a_merge_with_results_keeps_them_for_the_commit_that_it_became(world):
    answer_event(pull_event(world), world.client, CIRCUMSTANCES)
    event = pull_event(world, "closed", merged=True, merge_commit_sha="c" * 40)
    request = answer_event(event, Client(world.connection, 1), CIRCUMSTANCES)
    assert (request.origin, request.results_run, request.merged_as) == ("merged", 5, "c" * 40)
    assert request.base_commit == world.commits["main"]


def test_a_schedule_measures_everything_on_the_default_branch(world):
    event = BranchEvent.model_validate({"repository": REPOSITORY})
    request = answer_event(event, Client(world.connection, None), CIRCUMSTANCES)
    assert (request.origin, request.number, request.everything) == ("branch", None, True)
    assert request.head == request.base_commit == request.trusted_commit == "d" * 40
    assert (request.base, request.runners) == ("main", ("cpu", "gpu"))


def test_a_schedule_without_a_commit_is_an_error_that_names_the_variable(world):
    event = BranchEvent.model_validate({"repository": REPOSITORY})
    with pytest.raises(InputError) as caught:
        answer_event(event, world.client, Circumstances(NAMES, "", 5, NOW, LIMITS))
    assert caught.value.key == "--branch-head"
    assert "GITHUB_SHA" in caught.value.hint


def test_a_run_that_github_does_not_stop_is_an_error(world):
    world.github.call("PATCH", "/pulls/1", state="closed")
    world.github.front.active_runs = [workflow_run(4)]
    world.github.front.fault = lambda _, request: Fault(403) if "cancel" in request.path else None
    with pytest.raises(GitHubError, match="refused to cancel the run: 403"):
        answer_event(pull_event(world, "closed"), world.client, CIRCUMSTANCES)


def runs_in_progress(*numbers):
    """The contributor's runs, one for each pull request; their ids are below ours."""
    return [
        workflow_run(n, f"slimgate #{number}", actor="contributor")
        for n, number in enumerate(numbers)
    ]


def test_an_author_with_too_many_runs_waits_and_the_check_says_so(world):
    world.github.front.active_runs = runs_in_progress(2, 3)
    assert answer_event(pull_event(world), world.client, CIRCUMSTANCES) is None
    (check,) = world.checks(world.commits["regression"])
    assert check["conclusion"] == "action_required"
    assert check["output"]["title"] == "Waiting for other runs of this author"
    assert "contributor has runs in progress on 2 other pull requests" in check["output"]["summary"]


@pytest.mark.parametrize(
    "runs",
    [
        runs_in_progress(2),
        runs_in_progress(2, 1),  # this pull request's own
        [*runs_in_progress(2), workflow_run(9, "slimgate #3", actor="contributor")],  # came later
        [workflow_run(n, f"slimgate #{n}", actor="bob") for n in (2, 3)],
        [{**run, "path": ".github/workflows/ci.yml"} for run in runs_in_progress(2, 3)],
        [{**run, "status": "completed"} for run in runs_in_progress(2, 3)],
        [{**run, "event": "issue_comment"} for run in runs_in_progress(2, 3)],
    ],
    ids=["one", "own", "later", "of others", "other workflows", "ended", "by a comment"],
)
def test_other_runs_let_an_author_start(world, runs):
    world.github.front.active_runs = runs
    assert answer_event(pull_event(world), world.client, CIRCUMSTANCES).origin == "push"


def test_people_who_may_write_start_as_many_as_they_like(world):
    world.github.call("PUT", "/collaborators/contributor", permission="push")
    world.github.front.active_runs = runs_in_progress(2, 3)
    assert answer_event(pull_event(world), world.client, CIRCUMSTANCES).origin == "push"


def test_a_maintainers_command_starts_the_run_that_waits(world):
    world.github.front.active_runs = runs_in_progress(2, 3)
    answer_event(pull_event(world), world.client, CIRCUMSTANCES)
    request = answer_event(comment_event(world, "/rebench"), world.client, CIRCUMSTANCES)
    assert request.origin == "command"
    newest = max(world.checks(request.head), key=lambda check: check["id"])
    assert newest["status"] == "in_progress"
