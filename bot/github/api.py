"""Requests to GitHub through PyGithub: retried, page by page, and with errors in words.

Retried are 5xx, 429, secondary rate limits (Retry-After is honoured) and broken connections, with
exponential backoff and jitter. So a write may happen twice; ``bot.publish.converge`` repairs that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import requests
from github import Auth, Github, GithubException, GithubRetry
from github.Repository import Repository

from bot.github.answers import A, read_answer
from bot.github.errors import GitHubError
from bot.github.values import Identity

RETRIES = 5
BACKOFF_S = 0.5
MAX_WAIT_S = 120.0
PER_PAGE = 100
_HINTS = {
    401: "check the token",
    403: "give the job the permissions that docs/github.md lists",
    404: "check the repository's name, and that the token may see it",
}


@dataclass(frozen=True)
class Connection:
    """``api_url`` is ``GITHUB_API_URL``, ``repository`` is ``owner/name``, ``identity`` is the
    account of the token.
    """

    api_url: str
    repository: str
    token: str
    identity: Identity
    timeout_s: int = 20


def open_repository(connection: Connection) -> Repository:
    """The repository of a connection; nothing is asked yet."""
    retry = GithubRetry(
        total=RETRIES,
        backoff_factor=BACKOFF_S,
        backoff_jitter=BACKOFF_S,
        secondary_rate_wait=MAX_WAIT_S / 2,
        max_rate_limit_wait=MAX_WAIT_S,
        status_forcelist=[429, *range(500, 600)],
        allowed_methods=frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"}),
    )
    github = Github(
        base_url=connection.api_url,
        auth=Auth.Token(connection.token),
        retry=retry,
        timeout=connection.timeout_s,
        per_page=PER_PAGE,
        seconds_between_requests=None,
        seconds_between_writes=None,
        lazy=True,
    )
    return github.get_repo(connection.repository)


@contextlib.contextmanager
def in_words(request: str) -> Iterator[None]:
    """Turns errors of GitHub into GitHubError; ``request`` is a verb and its object."""
    try:
        yield
    except GithubException as error:
        message = error.data.get("message") if isinstance(error.data, dict) else error.data
        hint = _HINTS.get(error.status, "run the job again")
        text = f"GitHub refused to {request}: {error.status} {str(message)[:300]}; {hint}"
        raise GitHubError(text) from error
    except requests.RequestException as error:
        text = f"cannot reach GitHub to {request}: {type(error).__name__}; run the job again"
        raise GitHubError(text) from error


@contextlib.contextmanager
def if_there(also: int = 404) -> Iterator[None]:
    """Ignores the error that something does not exist: status 404 or ``also``."""
    try:
        yield
    except GithubException as error:
        if error.status not in (404, also):
            raise


def show(repo: Repository, model: type[A], request: str, path: str) -> A:
    """One thing of the repository; ``path`` is what follows the repository's address."""
    _, data = repo.requester.requestJsonAndCheck("GET", f"{repo.url}{path}")
    return read_answer(model, data, request)


def list_all(
    repo: Repository,
    model: type[A],
    request: str,
    path: str,
    query: Mapping[str, str] = MappingProxyType({}),
    key: str | None = None,
) -> list[A]:
    """Every page of a list; ``key`` is where an answer holds its items, unless it is a list."""
    url: str | None = f"{repo.url}{path}"
    parameters: dict[str, str] = {**query, "per_page": str(PER_PAGE)}
    answers: list[A] = []
    with in_words(request):
        while url is not None:
            headers, data = repo.requester.requestJsonAndCheck("GET", url, parameters)
            answers += [read_answer(model, item, request) for item in _items(data, key, request)]
            url, parameters = _next_page(headers), {}
    return answers


def _items(data: Any, key: str | None, request: str) -> list[Any]:
    items = data.get(key) if key is not None and isinstance(data, dict) else data
    if not isinstance(items, list):
        raise GitHubError(f"GitHub answered without a list when asked to {request}")
    return items


def _next_page(headers: Mapping[str, Any]) -> str | None:
    """The address in the header ``Link``; None on the last page."""
    links = requests.utils.parse_header_links(str(headers.get("link", "")))
    return next((str(link["url"]) for link in links if link.get("rel") == "next"), None)
