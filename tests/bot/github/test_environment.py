"""What GitHub Actions says of a job, and which variable is missing."""

from pathlib import Path

import pytest

from bot.github.environment import parse_environment
from bot.github.values import Identity
from core.errors import InputError

VARIABLES = {
    "GITHUB_API_URL": "https://ghe.example/api/v3",
    "GITHUB_SERVER_URL": "https://ghe.example",
    "GITHUB_REPOSITORY": "suite/models",
    "GITHUB_TOKEN": "secret",
    "GITHUB_RUN_ID": "42",
    "GITHUB_STEP_SUMMARY": "/tmp/summary.md",
    "SLIMGATE_APP": "slimgate-app",
}


def test_every_variable_is_read():
    environment = parse_environment(VARIABLES)
    assert environment.run_url == "https://ghe.example/suite/models/actions/runs/42"
    assert environment.summary == Path("/tmp/summary.md")
    connection = environment.connection()
    assert (connection.api_url, connection.token) == ("https://ghe.example/api/v3", "secret")
    assert connection.repository == "suite/models"


def test_comments_are_those_of_the_apps_bot_and_checks_those_of_the_app():
    connection = parse_environment(VARIABLES).connection()
    assert Identity("slimgate-app[bot]", "slimgate-app") in vars(connection).values()


def test_outside_of_github_actions_the_public_github_is_meant():
    environment = parse_environment({})
    assert environment.api_url == "https://api.github.com"
    assert (environment.run_id, environment.app) == (0, "github-actions")
    assert (environment.server_url, environment.summary) == (None, None)


def test_empty_variables_count_as_not_set():
    empty = dict.fromkeys(VARIABLES, "")
    environment = parse_environment(empty)
    assert (environment.api_url, environment.run_id) == ("https://api.github.com", 0)
    assert (environment.app, environment.summary) == ("github-actions", None)
    assert environment.server_url is None
    assert environment.run_url == "https://github.com//actions/runs/0"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("GITHUB_REPOSITORY", "owner/name"), ("GITHUB_TOKEN", "docs/github.md")],
)
def test_a_missing_variable_is_named_with_what_it_holds(name, hint):
    environment = parse_environment({**VARIABLES, name: ""})
    with pytest.raises(InputError) as caught:
        environment.connection()
    assert (caught.value.message, caught.value.key) == (f"{name} is not set", name)
    assert hint in caught.value.hint


@pytest.mark.parametrize("value", ["x", "-1", "1e3", "１", "1_0", " 1", "9" * 400])
def test_a_run_has_a_number(value):
    with pytest.raises(InputError) as caught:
        parse_environment({"GITHUB_RUN_ID": value})
    assert (caught.value.message, caught.value.key) == (
        "GITHUB_RUN_ID is no number of a run",
        "GITHUB_RUN_ID",
    )


@pytest.mark.parametrize("name", ["GITHUB_API_URL", "GITHUB_SERVER_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "x",
        "http://[",
        "file:///etc/passwd",
        "https://",
        "https://127.0.0.1:99999",
        "https://x:y",
        "https://a b",
        "https://x\n",
        "https://\u2028",
    ],
)
def test_a_server_has_an_address(name, value):
    with pytest.raises(InputError) as caught:
        parse_environment({name: value})
    assert (caught.value.message, caught.value.key) == (f"{name} is no address of a server", name)


@pytest.mark.parametrize("value", ["a\nb", "secret\u2028", "é", "a b"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(value):
    environment = parse_environment({**VARIABLES, "GITHUB_TOKEN": value})
    with pytest.raises(InputError) as caught:
        environment.connection()
    assert caught.value.message == "GITHUB_TOKEN holds characters that it cannot have"
    assert value not in str(caught.value)


@pytest.mark.parametrize("value", ["x", "../..", "a/..", "a/b/c", "a b/c", "a/b?c#d", "a/\x1b[2J"])
def test_a_repository_has_an_owner_and_a_name(value):
    environment = parse_environment({**VARIABLES, "GITHUB_REPOSITORY": value})
    with pytest.raises(InputError) as caught:
        environment.connection()
    assert caught.value.message == "GITHUB_REPOSITORY holds characters that it cannot have"
