"""``slimgate admit``: events that need no answer from GitHub, and wrong values."""

import json

import pytest

from bot.plan.request import RunRequest
from core.schema import load_json
from tests.bot.shell import slimgate

HEAD = "c" * 40
BRANCH_EVENT = {"repository": {"full_name": "o/r", "default_branch": "develop"}}
REMARK = {
    "action": "created",
    "issue": {"number": 7, "state": "open", "pull_request": {"url": "u"}},
    "comment": {"id": 5, "body": "nice work", "user": {"login": "ann", "type": "User"}},
    "repository": {"full_name": "o/r"},
}
GITHUB = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": "http://127.0.0.1:9"}


def admit(folder, event, name="schedule", runners=("cpu",), **environment):
    (folder / "event.json").write_text(json.dumps(event))
    words = ("--event", folder / "event.json", "--event-name", name, "--suite", "example-seg")
    kinds = [word for kind in runners for word in ("--runners", kind)]
    files = ("--out", folder / "request.json", "--outputs", folder / "outputs")
    return slimgate(
        "admit", *words, *kinds, *files, **{"GITHUB_SHA": HEAD, **GITHUB, **environment}
    )


def outputs(folder):
    return dict(line.split("=", 1) for line in (folder / "outputs").read_text().splitlines())


def test_a_schedule_measures_the_default_branch_on_every_kind_of_runner(tmp_path):
    ended = admit(tmp_path, BRANCH_EVENT, runners=("cpu", "gpu"))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == f"to measure: {HEAD[:12]}, see {tmp_path}/request.json\n"
    request = load_json(RunRequest, tmp_path / "request.json")
    assert (request.origin, request.number, request.base) == ("branch", None, "develop")
    assert (request.head, request.runners) == (HEAD, ("cpu", "gpu"))
    values = outputs(tmp_path)
    assert RunRequest.model_validate_json(values.pop("request")) == request
    assert values == {
        "number": "",
        "head": HEAD,
        "commits": HEAD,
        "runners": '["cpu", "gpu"]',
        "measure": "true",
    }


def test_a_remark_without_a_command_asks_for_nothing(tmp_path):
    ended = admit(tmp_path, REMARK, "issue_comment")
    assert (ended.returncode, ended.stdout) == (0, "nothing to measure\n"), ended.stderr
    assert not (tmp_path / "request.json").exists()
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(
    ("event", "name", "environment", "words"),
    [
        (
            BRANCH_EVENT,
            "push",
            {},
            ["slimgate does not handle the event 'push'", "--event-name", "schedule"],
        ),
        ({}, "schedule", {}, ["event.json", "repository"]),
        (BRANCH_EVENT, "schedule", {"GITHUB_SHA": ""}, ["--branch-head", "GITHUB_SHA"]),
        (BRANCH_EVENT, "schedule", {"GITHUB_TOKEN": ""}, ["GITHUB_TOKEN is not set"]),
    ],
)
def test_wrong_events_and_environments_are_bad_input(tmp_path, event, name, environment, words):
    ended = admit(tmp_path, event, name, **environment)
    assert ended.returncode == 2, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not (tmp_path / "request.json").exists()


@pytest.mark.parametrize("kind", ["CPU", "a b", "-cpu", "x" * 31, "../cpu", "a100"])
def test_a_kind_of_runner_must_be_one_that_the_manifest_has(tmp_path, kind):
    ended = admit(tmp_path, BRANCH_EVENT, runners=("cpu", kind))
    assert ended.returncode == 2
    assert f"unknown kind of runner {kind!r}" in ended.stderr
    assert "docs/manifest.md" in ended.stderr
