"""The environment variables of GitHub Actions, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.github.client import Connection
from bot.github.values import Identity
from core.errors import InputError

PUBLIC_API, PUBLIC_SERVER = "https://api.github.com", "https://github.com"


@dataclass(frozen=True)
class Environment:
    """``repository`` is ``owner/name``; ``run_id`` is 0 outside of GitHub Actions; ``app`` is the
    slug of the App that we act as; ``summary`` is the file of the job's summary.
    """

    api_url: str
    server_url: str | None
    repository: str
    token: str
    run_id: int
    app: str
    summary: Path | None

    @property
    def run_url(self) -> str:
        """The page of this workflow run."""
        server = self.server_url or PUBLIC_SERVER
        return f"{server}/{self.repository}/actions/runs/{self.run_id}"

    def connection(self) -> Connection:
        """The connection of this job; raises InputError for a variable that is not set."""
        return Connection(
            api_url=self.api_url,
            repository=_require(self.repository, "GITHUB_REPOSITORY", "owner/name of the suite"),
            token=_require(
                self.token, "GITHUB_TOKEN", "a token with the permissions in docs/github.md"
            ),
            identity=Identity(f"{self.app}[bot]", self.app),
        )


def parse_environment(variables: Mapping[str, str]) -> Environment:
    """Reads the variables; SLIMGATE_APP is the slug of your own App."""
    summary = variables.get("GITHUB_STEP_SUMMARY")
    return Environment(
        api_url=variables.get("GITHUB_API_URL") or PUBLIC_API,
        server_url=variables.get("GITHUB_SERVER_URL"),
        repository=variables.get("GITHUB_REPOSITORY", ""),
        token=variables.get("GITHUB_TOKEN", ""),
        run_id=int(variables.get("GITHUB_RUN_ID") or 0),
        app=variables.get("SLIMGATE_APP") or "github-actions",
        summary=Path(summary) if summary else None,
    )


def _require(value: str, name: str, content: str) -> str:
    if not value:
        raise InputError(f"{name} is not set", key=name, hint=f"set it to {content}")
    return value
