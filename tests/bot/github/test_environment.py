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
