"""A fresh GitHub for each test, with one pull request from a real repository."""

import contextlib
from dataclasses import dataclass
from typing import Any

import pytest

from bot.github.client import Client, Connection
from bot.github.values import Identity
from bot.run.demo import make_repository
from examples.github.push import push
from examples.github.server import OWNER, SLUG, GitHub, run_github
from examples.scenarios import DEMOS


@dataclass
class World:
    """A suite on GitHub with pull request 1; ``commits`` by branch of the example repository."""

    github: GitHub
    client: Client
    connection: Connection
    commits: dict[str, str]
    repo: Any

    def comments(self):
        return self.github.call("GET", "/issues/1/comments")

    def checks(self, commit):
        return self.github.call("GET", f"/commits/{commit}/check-runs")["check_runs"]

    def open_pull(self, base, revision="main", head="change"):
        """Another pull request into the branch ``base``, which is at ``revision``."""
        push(self.github, self.repo, revision, base, OWNER)
        return self.github.call("POST", "/pulls", title="Another", head=head, base=base)["number"]

    def push(self, branch):
        return push(self.github, self.repo, branch, "change", OWNER)


def workflow_run(
    number,
    title="slimgate #1",
    status="queued",
    actor="ann",
    event="pull_request_target",
    created_at="2026-01-01T00:00:00Z",
    conclusion=None,
):
    """A workflow run of ours as GitHub lists it."""
    return {
        "id": number,
        "path": ".github/workflows/slimgate-pull-request.yml@main",
        "display_title": title,
        "status": status,
        "conclusion": conclusion,
        "html_url": f"https://x/{number}",
        "event": event,
        "actor": {"login": actor, "type": "User"},
        "created_at": created_at,
    }


@pytest.fixture
def world(tmp_path):
    with open_world(tmp_path) as opened:
        yield opened


@contextlib.contextmanager
def open_world(folder):
    repo = make_repository(DEMOS["seg"], folder / "suite")
    with run_github() as github:
        github.call("PUT", "/collaborators/maintainer", permission="push")
        commits = {"main": push(github, repo, "main", "main", OWNER)}
        for branch in ("regression", "benign"):
            commits[branch] = push(github, repo, branch, "change", OWNER)
        push(github, repo, "regression", "change", OWNER)
        github.call("POST", "/pulls", title="A change", head="change", base="main")
        who = Identity(f"{SLUG}[bot]", SLUG)
        connection = Connection(github.url, github.repository, github.token, who)
        yield World(github, Client(connection, 1), connection, commits, repo)
