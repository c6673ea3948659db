"""Every field that the bot reads may be null or missing wherever GitHub's description says so."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.events.intake import concerns_us
from bot.github.answers import read_answer
from bot.github.client import Client, Connection
from bot.github.errors import GitHubError
from bot.github.events import load_event
from bot.github.values import Comment, Identity, LineNote, Pull
from examples.github.prism import DESCRIPTION
from tests.bot.github.schema import (
    ANSWERS,
    EVENTS,
    SHA,
    changed,
    extract,
    full,
    load,
    submodel,
    variants,
)

SCHEMA = load()
MODELS = {model.__name__: model for model in ANSWERS} | {
    webhook: model for (_, model), webhooks in EVENTS.items() for webhook in webhooks
}
EVENT_NAMES = {webhook: name for (name, _), webhooks in EVENTS.items() for webhook in webhooks}
VARIANTS = [
    pytest.param(name, path, value, id=f"{name}-{'.'.join(path)}-{value}")
    for name in MODELS
    for path, value in variants(SCHEMA[name]["fields"])
]


def read(name, payload, folder):
    """The payload as the bot reads it: an answer, or the event of a file."""
    if name not in EVENT_NAMES:
        return read_answer(MODELS[name], payload, "test")
    file = folder / "event.json"
    file.write_text(json.dumps(payload))
    return load_event(EVENT_NAMES[name], file)


def at(value, path):
    """The value of a field; None if a part on the way is None."""
    for part in path:
        value = None if value is None else getattr(value, part)
    return value


def paths(model, prefix=()):
    """Every field that a model reads, parts before what is in them."""
    for name in model.model_fields:
        yield (*prefix, name)
        inner = submodel(model, name)
        if inner:
            yield from paths(inner, (*prefix, name))


@pytest.mark.parametrize(("name", "path", "value"), VARIANTS)
def test_a_field_that_may_be_null_or_missing_leaves_the_others_as_they_are(
    tmp_path, name, path, value
):
    payload = full(SCHEMA[name]["fields"])
    usual = read(name, payload, tmp_path)
    unusual = read(name, changed(payload, path, value), tmp_path)
    if value not in (None, ...):
        assert at(unusual, path) == value
    elif at(unusual, path) is not None:
        assert value is ...
        assert at(unusual, path) in ("", {}, "main")  # the field's default
    for other in paths(MODELS[name]):
        if other[: len(path)] != path and path[: len(other)] != other:
            assert at(unusual, other) == at(usual, other)
    if hasattr(unusual, "value"):
        assert unusual.value()


@pytest.mark.parametrize("name", MODELS)
def test_a_payload_with_as_little_as_github_may_send_is_read(tmp_path, name):
    assert read(name, SCHEMA[name]["sparse"], tmp_path)


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="make check-api installs the description")
def test_the_extract_is_what_the_description_says():
    assert extract(json.loads(DESCRIPTION.read_text())) == SCHEMA


def test_every_read_field_of_an_answer_is_described():
    for model in ANSWERS:
        assert set(SCHEMA[model.__name__]["fields"]) == set(model.model_fields)


@contextmanager
def github(answers):
    """A client of a server that answers by the end of a request's path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            body = next(answer for end, answer in answers.items() if path.endswith(end))
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield Client(Connection(url, "suite/models", "t", Identity()), 1)
    finally:
        server.shutdown()
        server.server_close()


def sparse(name, **changes):
    """The sparse answer of a model, as GitHub sends it, with other values."""
    return {**SCHEMA[name]["sparse"], **changes}


def test_a_comment_of_a_deleted_account_is_one_of_ghost():
    with github({"/issues/1/comments": [sparse("CommentAnswer")]}) as client:
        (comment,) = client.comments()
    assert isinstance(comment, Comment)
    assert (comment.id, comment.author, comment.body) == (7, "ghost", "")
    assert comment.created_at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_a_note_of_a_deleted_account_on_an_outdated_line_is_read():
    note = sparse("NoteAnswer", path="a.yml", line=None, body="x")
    with github({"/pulls/1/comments": [note]}) as client:
        assert client.line_notes() == [LineNote("a.yml", 0, "x", "ghost")]


def test_checks_of_other_apps_deleted_ones_and_jobs_are_not_ours():
    app = {"slug": "github-actions"}
    checks = [
        sparse("CheckAnswer", external_id="run-1"),
        sparse("CheckAnswer", external_id="run-2", app={}),
        sparse("CheckAnswer", external_id="run-3", app={"slug": "other"}),
        sparse("CheckAnswer", external_id="run-4", app=app),
        sparse("CheckAnswer", external_id=None, app=app),  # a job of that name
        sparse("CheckAnswer", external_id="job-5", app=app),
    ]
    with github({"/check-runs": {"total_count": 6, "check_runs": checks}}) as client:
        (check,) = client.checks(SHA)
    assert (check.run_id, check.title, check.summary, check.conclusion) == (4, None, None, None)


def test_a_pull_request_of_a_deleted_fork_is_read():
    pull = sparse("PullAnswer", state="open", body=None)
    pull["head"] = {"label": "x:y", "ref": "y", "sha": SHA, "user": None, "repo": None}
    with github({"/pulls/1": pull}) as client:
        assert client.pull() == Pull(7, True, SHA, "x")


def test_a_run_without_status_and_actor_is_read_with_the_file_of_its_workflow():
    path = ".github/workflows/slimgate.yml"
    run = sparse("RunAnswer", status=None, path=f"{path}@refs/heads/release/2.8")
    with github({"/actions/runs": {"total_count": 1, "workflow_runs": [run]}}) as client:
        runs = client.active_runs()
    assert {(run.path, run.status, run.actor) for run in runs} == {(path, "unknown", "ghost")}


@pytest.mark.parametrize("answer", [{"permission": "write"}, {"role_name": None}])
def test_an_answer_without_a_role_gives_none(answer):
    with github({"/permission": answer}) as client:
        assert client.role("ann") == "none"


@pytest.mark.parametrize("permission", ["write", "read"])
def test_a_role_that_the_organisation_made_counts_as_the_one_it_is_based_on(permission):
    with github({"/permission": {"permission": permission, "role_name": "releases"}}) as client:
        assert client.role("ann") == permission


def test_a_role_of_githubs_own_is_not_the_older_one_that_it_is_based_on():
    with github({"/permission": {"permission": "read", "role_name": "triage"}}) as client:
        assert client.role("ann") == "triage"


@pytest.mark.parametrize("answer", [None, {}, "no", 1, {"check_runs": None}, {"check_runs": [{}]}])
def test_an_answer_of_another_shape_is_an_error_in_words(answer):
    with (
        github({"/check-runs": answer}) as client,
        pytest.raises(GitHubError, match="asked to list checks"),
    ):
        client.checks(SHA)


def test_a_comment_of_a_deleted_account_holds_no_commands(tmp_path):
    payload = full(SCHEMA["issue-comment-created"]["fields"])
    payload["issue"]["state"], payload["comment"]["user"]["type"] = "open", "User"
    assert concerns_us(read("issue-comment-created", payload, tmp_path), Identity())
    ghost = changed(payload, ("comment", "user"), None)
    assert not concerns_us(read("issue-comment-created", ghost, tmp_path), Identity())
