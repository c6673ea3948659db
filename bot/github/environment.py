"""What GitHub Actions says of itself in environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bot.github.client import Connection
from bot.github.values import Identity
from compress.errors import InputError


def read_connection(environment: Mapping[str, str] = os.environ) -> Connection:
    """Where GitHub is and as whom we speak; SLIMGATE_APP is the slug of an App of one's own."""
    slug = environment.get("SLIMGATE_APP") or "github-actions"
    return Connection(
        api_url=environment.get("GITHUB_API_URL", "https://api.github.com"),
        repository=_require(environment, "GITHUB_REPOSITORY", "owner/name of the suite"),
        token=_require(
            environment, "GITHUB_TOKEN", "a token with the permissions in docs/github.md"
        ),
        who=Identity(f"{slug}[bot]", slug),
    )


def read_run_id(environment: Mapping[str, str] = os.environ) -> int:
    """The number of this workflow run; 0 outside of GitHub Actions."""
    return int(environment.get("GITHUB_RUN_ID") or 0)


def read_run_url(environment: Mapping[str, str] = os.environ) -> str:
    """The page of this workflow run."""
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    repository = environment.get("GITHUB_REPOSITORY", "")
    return f"{server}/{repository}/actions/runs/{read_run_id(environment)}"


def _require(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name)
    if not value:
        raise InputError(f"{name} is not set", key=name, hint=f"set it to {what}")
    return value
