"""The client against the emulated GitHub: what it reads, applies, repeats and reports."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.github.actions import (
    CancelRun,
    CreateCheck,
    CreateComment,
    DeleteComment,
    React,
    Suggest,
    UpdateCheck,
    UpdateComment,
)
from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.github.values import Annotation, CheckText, LineNote
from examples.github.front import Fault
from examples.github.push import push
from examples.github.server import OWNER
from tests.github.world import workflow_run

MISSING = 999_999


def fail(world, fault, path="", times=1):
    """The first ``times`` requests with ``path`` in them meet the fault."""
    matches = []

    def decide(_number, request):
        if path in request.path and len(matches) < times:
            matches.append(request)
            return fault
        return None

    world.github.front.fault = decide


def test_the_pull_request_is_read_as_it_is_now(world):
    pull = world.client.pull()
    assert (pull.number, pull.is_open, pull.base_ref) == (1, True, "main")
    assert pull.head_sha == world.commits["regression"]
    world.push("benign")
    assert world.client.pull().head_sha == world.commits["benign"]
    world.github.call("PATCH", "/pulls/1", state="closed")
    assert not world.client.pull().is_open


def test_comments_are_created_changed_and_deleted(world):
    world.github.call("POST", "/issues/1/comments", "stranger", body="hello")
    world.client.apply(CreateComment("ours"))
    first, second = world.client.comments()
    assert (first.author, first.body) == ("stranger", "hello")
    assert (second.author, second.body) == ("slimgate-app[bot]", "ours")
    world.client.apply(UpdateComment(second.id, "changed"))
    assert world.client.comments()[1].body == "changed"
    world.client.apply(DeleteComment(second.id))
    assert world.client.comments() == [first]


@pytest.mark.parametrize(
    "action", [UpdateComment(MISSING, "x"), DeleteComment(MISSING), CancelRun(MISSING)]
)
def test_what_is_gone_counts_as_done(world, action):
    world.client.apply(action)


def test_more_comments_than_fit_on_a_page_are_all_read(world):
    for number in range(101):
        world.github.call("POST", "/issues/1/comments", "stranger", body=str(number))
    upstream = world.github.front.upstream  # its links to the next page do not lead to the front
    client = Client(replace(world.connection, api_url=upstream), 1)
    assert [comment.body for comment in client.comments()] == [str(number) for number in range(101)]


def test_a_check_is_opened_and_concluded(world):
    head = world.commits["regression"]
    world.client.apply(CreateCheck(head, CheckText(None, "Measuring", "…"), "run-7"))
    (check,) = world.client.checks(head)
    assert (check.conclusion, check.title, check.run_id) == (None, "Measuring", 7)
    note = Annotation("f.yml", 1, 2, "failure", "t", "m")
    text = CheckText("failure", "Accuracy regressed", "numbers", (note,))
    world.client.apply(UpdateCheck(check.id, text, "run-8"))
    (check,) = world.client.checks(head)
    assert (check.conclusion, check.title, check.summary) == (
        "failure",
        "Accuracy regressed",
        "numbers",
    )
    assert (check.run_id, check.annotations_count) == (8, 1)


@pytest.mark.parametrize(
    ("app", "external_id"),
    [({"id": 9, "slug": "other", "name": "x"}, "run-7"), (None, "a job of this name")],
    ids=["of another app", "of a job"],
)
def test_checks_of_our_name_that_we_did_not_write_are_left_out(world, app, external_id):
    head = world.commits["regression"]
    world.client.apply(CreateCheck(head, CheckText(None, "Measuring", "…"), external_id))
    world.github.front.app = app or world.github.front.app
    assert world.client.checks(head) == []


def test_a_revision_is_found_by_branch_and_by_commit(world):
    main = world.commits["main"]
    assert world.client.find_commit("main") == main
    assert world.client.find_commit(main) == main
    push(world.github, world.repo, "main", "release/2.8", OWNER)
    assert world.client.find_commit("release/2.8") == main
    assert world.client.find_commit("nowhere") is None
    for endpoint in ("check-runs", "status", "pulls"):  # what the API has below a commit
        assert world.client.find_commit(f"main/{endpoint}") is None


def test_the_merge_base_is_where_the_head_left_the_branch(world):
    assert world.client.merge_base("main", world.commits["benign"]) == world.commits["main"]


def test_branches_that_share_nothing_are_compared_with_the_tip(world):
    fail(world, Fault(404), "/compare/")
    assert world.client.merge_base("main", world.commits["benign"]) == world.commits["main"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_merge_base_that_github_refuses_is_an_error(world, status):
    fail(world, Fault(status), times=9)
    with pytest.raises(GitHubError, match=f"{status}"):
        world.client.merge_base("main", world.commits["benign"])


@pytest.mark.parametrize(
    ("permission", "role"),
    [
        ("admin", "admin"),
        ("maintain", "maintain"),
        ("push", "write"),
        ("triage", "triage"),
        ("pull", "read"),
    ],
)
def test_the_role_of_a_person_is_read(world, permission, role):
    world.github.call("PUT", "/collaborators/contributor", permission=permission)
    assert world.client.role("contributor") == role


@pytest.mark.parametrize("login", ["stranger", "nobody-at-all"])
def test_people_without_a_role_have_the_role_none(world, login):
    assert world.client.role(login) == "none"


def test_a_role_that_github_refuses_is_an_error(world):
    fail(world, Fault(403), "/permission")
    with pytest.raises(GitHubError, match="403"):
        world.client.role("maintainer")


def test_active_runs_of_every_state_are_listed_and_stopped(world):
    states = ("requested", "pending", "waiting", "queued", "in_progress")
    world.github.front.active_runs = [
        workflow_run(number, status=state) for number, state in enumerate((*states, "completed"))
    ]
    runs = world.client.active_runs()
    assert [(run.id, run.status) for run in runs] == list(enumerate(states))
    world.client.apply(CancelRun(1))
    assert world.github.front.cancelled == [1]


def test_a_run_that_starts_while_runs_are_listed_is_listed_once(world):
    run = workflow_run(1, status="queued")
    world.github.front.active_runs = [run]

    def start(_number, request):
        if "status=in_progress" in request.query:
            run["status"] = "in_progress"

    world.github.front.fault = start
    assert [run.id for run in world.client.active_runs()] == [1]


def test_the_runs_that_a_person_started_are_listed_with_their_time(world):
    early = workflow_run(1, created_at="2026-01-01T00:00:00Z")
    late = workflow_run(2, status="completed", created_at="2026-01-03T00:00:00Z")
    of_others = workflow_run(3, actor="bob", created_at="2026-01-03T00:00:00Z")
    by_a_comment = workflow_run(4, event="issue_comment", created_at="2026-01-03T00:00:00Z")
    world.github.front.active_runs = [early, late, of_others, by_a_comment]
    since = datetime(2026, 1, 2, tzinfo=timezone.utc)
    (run,) = world.client.runs_started_by("ann", "pull_request_target", since)
    assert (run.id, run.actor, run.event, run.status) == (
        2,
        "ann",
        "pull_request_target",
        "completed",
    )
    assert run.created_at == datetime(2026, 1, 3, tzinfo=timezone.utc)


def test_equal_files_have_equal_trees(world):
    main, change = world.commits["main"], world.commits["regression"]
    assert world.client.tree(main) == world.client.tree(main)
    assert world.client.tree(main) != world.client.tree(change)


def test_a_run_that_has_ended_counts_as_stopped(world):
    fail(world, Fault(409), "/cancel")
    world.client.apply(CancelRun(1))


def test_a_reaction_is_added(world):
    world.client.apply(CreateComment("x"))
    (comment,) = world.client.comments()
    world.client.apply(React(comment.id, "eyes"))
    assert world.github.front.reactions == {comment.id: ["eyes"]}


def test_suggestions_become_notes_on_lines(world):
    head = world.commits["regression"]
    world.client.apply(Suggest(head, (LineNote("deploy/qat.yaml", 3, "x"),)))
    (note,) = world.client.line_notes()
    assert note == LineNote("deploy/qat.yaml", 3, "x", "slimgate-app[bot]")


def test_suggestions_that_github_refuses_are_left_out(world):
    fail(world, Fault(422), "/reviews")
    world.client.apply(Suggest(world.commits["regression"], (LineNote("f", 3, "x"),)))
    assert world.client.line_notes() == []


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "check the token"),
        (403, "docs/github.md"),
        (404, "check the repository's name"),
        (422, "run the job again"),
    ],
)
def test_a_refusal_is_an_error_with_status_reason_and_next_step(world, status, hint):
    fail(world, Fault(status, "no such luck"), "/comments")
    with pytest.raises(GitHubError) as caught:
        world.client.apply(CreateComment("x"))
    assert f"{status} no such luck" in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize("fault", [Fault(500), Fault(0)], ids=["500", "dropped"])
def test_a_passing_fault_is_retried(world, fault):
    fail(world, fault, "/comments")
    world.client.apply(CreateComment("x"))
    assert [comment["body"] for comment in world.comments()] == ["x"]


def test_a_github_that_is_not_there_is_an_error(world, monkeypatch):
    monkeypatch.setattr("bot.github.api.RETRIES", 0)
    connection = replace(world.connection, api_url="http://127.0.0.1:1")
    with pytest.raises(GitHubError, match="cannot reach GitHub to list comments"):
        Client(connection, 1).comments()


LOOKUPS = {
    "commit": lambda client: client.find_commit("main"),
    "merge base": lambda client: client.merge_base("main", "a" * 40),
    "role": lambda client: client.role("maintainer"),
    "pull": Client.pull,
    "runs": Client.active_runs,
}


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_lookup_without_a_connection_is_an_error_with_the_next_step(world, monkeypatch, lookup):
    monkeypatch.setattr("bot.github.api.RETRIES", 0)
    connection = replace(world.connection, api_url="http://127.0.0.1:1")
    with pytest.raises(GitHubError, match=r"cannot reach GitHub to .*; run the job again"):
        LOOKUPS[lookup](Client(connection, 1))


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_lookup_that_github_refuses_names_the_next_step(world, lookup):
    fail(world, Fault(401, "bad token"), times=9)
    with pytest.raises(GitHubError, match=r"refused to .*: 401 bad token; check the token"):
        LOOKUPS[lookup](world.client)


def test_the_default_branch_has_no_conversation(world):
    client = Client(world.connection, None)
    for call in (client.pull, client.comments, client.line_notes):
        with pytest.raises(GitHubError, match="default branch has no pull request"):
            call()
    with pytest.raises(GitHubError, match="default branch has no pull request"):
        client.apply(CreateComment("x"))


def test_a_value_that_is_not_an_action_is_a_bug(world):
    with pytest.raises(TypeError, match="unknown action"):
        world.client.apply("delete everything")
