"""The environment variables of GitHub Actions, as one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.github.client import Connection
from bot.github.values import Identity
from core.errors import InputError

RUN_ID = re.compile(r"[0-9]{1,18}")
REPOSITORY = re.compile(r"(?!\.{1,2}/)[\w.-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
TOKEN = re.compile(r"[!-~]+")
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
            repository=_require(
                self.repository, "GITHUB_REPOSITORY", "owner/name of the suite", REPOSITORY
            ),
            token=_require(
                self.token, "GITHUB_TOKEN", "a token with the permissions in docs/github.md", TOKEN
            ),
            identity=Identity(f"{self.app}[bot]", self.app),
        )


def parse_environment(variables: Mapping[str, str]) -> Environment:
    """Reads the variables; SLIMGATE_APP is the slug of your own App. Raises InputError for a value
    that GitHub does not set.
    """
    summary = variables.get("GITHUB_STEP_SUMMARY")
    return Environment(
        api_url=_address(variables, "GITHUB_API_URL") or PUBLIC_API,
        server_url=_address(variables, "GITHUB_SERVER_URL"),
        repository=variables.get("GITHUB_REPOSITORY", ""),
        token=variables.get("GITHUB_TOKEN", ""),
        run_id=_run_id(variables.get("GITHUB_RUN_ID") or "0"),
        app=variables.get("SLIMGATE_APP") or "github-actions",
        summary=Path(summary) if summary else None,
    )


def _require(value: str, name: str, content: str, form: re.Pattern[str]) -> str:
    """The value, which errors do not quote: it may be a secret."""
    if not value:
        raise InputError(f"{name} is not set", key=name, hint=f"set it to {content}")
    if not form.fullmatch(value):
        hint = f"set it to {content}"
        raise InputError(f"{name} holds characters that it cannot have", key=name, hint=hint)
    return value


def _run_id(value: str) -> int:
    if not RUN_ID.fullmatch(value):
        name = "GITHUB_RUN_ID"
        hint = "leave it as GitHub Actions sets it, or unset it"
        raise InputError(f"{name} is no number of a run", key=name, given=value[:20], hint=hint)
    return int(value)


def _address(variables: Mapping[str, str], name: str) -> str | None:
    """The address in a variable, None if it is not set."""
    value = variables.get(name)
    if value and not _is_address(value):
        hint = "leave it as GitHub Actions sets it, or give an address such as https://github.com"
        raise InputError(f"{name} is no address of a server", key=name, hint=hint)
    return value or None


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return False
    printable = value.isascii() and value.isprintable() and " " not in value
    return printable and parts.scheme in ("https", "http") and bool(parts.hostname)
