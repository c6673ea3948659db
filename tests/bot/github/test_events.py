"""Payloads of GitHub become events; one that cannot be read names the file and the key."""

import json

import pytest

from bot.github.events import (
    EVENT_NAMES,
    BranchEvent,
    CommentEvent,
    PullRequestEvent,
    load_event,
    pull_number,
)
from core.errors import InputError

REPOSITORY = {"full_name": "suite/models", "default_branch": "develop", "private": False}
PULL = {
    "action": "opened",
    "pull_request": {
        "number": 7,
        "head": {"sha": "a" * 40, "ref": "x"},
        "base": {"sha": "b" * 40, "ref": "develop"},
        "merge_commit_sha": None,
    },
    "repository": REPOSITORY,
}
COMMENT = {
    "action": "created",
    "issue": {"number": 8, "state": "open", "pull_request": {"url": "u", "html_url": "h"}},
    "comment": {"id": 5, "body": "/rebench", "user": {"login": "ann", "type": "User"}},
    "repository": REPOSITORY,
}
BRANCH = {"repository": REPOSITORY}


def write(folder, data):
    path = folder / "event.json"
    path.write_text(json.dumps(data))
    return path


@pytest.mark.parametrize(
    ("name", "data", "model", "number"),
    [
        ("pull_request_target", PULL, PullRequestEvent, 7),
        ("issue_comment", COMMENT, CommentEvent, 8),
        ("schedule", BRANCH, BranchEvent, None),
        ("workflow_dispatch", BRANCH, BranchEvent, None),
    ],
)
def test_each_event_is_read_as_its_own_kind(tmp_path, name, data, model, number):
    event = load_event(name, write(tmp_path, {**data, "sender": {"login": "x"}}))
    assert isinstance(event, model)
    assert event.repository.default_branch == "develop"
    assert pull_number(event) == number


def test_an_event_that_is_not_answered_comes_with_those_that_are(tmp_path):
    with pytest.raises(InputError) as caught:
        load_event("pull_request", write(tmp_path, PULL))
    assert (caught.value.key, caught.value.choices) == ("--event-name", EVENT_NAMES)
    assert caught.value.nearest == "pull_request_target"
    assert caught.value.hint


@pytest.mark.parametrize("sha", ["", "a" * 39, "A" * 40, "$(touch x)"])
def test_a_commit_that_is_not_one_is_refused_with_its_key(tmp_path, sha):
    head = {"sha": sha, "ref": "x"}
    data = {**PULL, "pull_request": {**PULL["pull_request"], "head": head}}
    path = write(tmp_path, data)
    with pytest.raises(InputError) as caught:
        load_event("pull_request_target", path)
    assert (caught.value.file, caught.value.key) == (str(path), "pull_request.head.sha")
    assert caught.value.hint == "give the payload of a pull_request_target event"


def test_a_payload_of_another_event_is_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        load_event("issue_comment", write(tmp_path, PULL))
    assert caught.value.key == "issue"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{", "not valid JSON"), (b"\xff", "not valid JSON"), (b"[" * 100_000, "not valid JSON")],
    ids=["cut off", "not UTF-8", "too deep"],
)
def test_a_file_that_is_not_json_is_refused(tmp_path, content, message):
    path = tmp_path / "event.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        load_event("schedule", path)
    assert caught.value.file == str(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="No such file") as caught:
        load_event("schedule", tmp_path / "nothing.json")
    assert caught.value.file == str(tmp_path / "nothing.json")


def test_half_of_a_character_in_a_comment_is_replaced(tmp_path):
    comment = {**COMMENT["comment"], "body": "/rebench \ud83d"}
    event = load_event("issue_comment", write(tmp_path, {**COMMENT, "comment": comment}))
    assert event.comment.body == "/rebench \ufffd"
