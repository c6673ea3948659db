"""Fetches published weights: from hosts that are allowed, whole, and only what was promised."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from compress.suites import SUITES
from core.errors import InputError, JobFailure
from core.store import hash_file

HOSTS = (
    *(host for suite in SUITES.values() for host in suite.hosts),
    "bj.bcebos.com",
    "paddle-slim-models.bj.bcebos.com",
    "paddlemodels.bj.bcebos.com",
)
"""Where the suites and PaddleSlim publish weights."""
MAX_BYTES = 4 * 2**30
MAX_REDIRECTS, TIMEOUT_S, CHUNK = 5, 30.0, 2**16
REDIRECTS = (301, 302, 303, 307, 308)

Progress = Callable[[int, int | None], None]
"""Called with the bytes so far and in all, None where the server does not say."""


@dataclass(frozen=True)
class Source:
    """A file on the network. ``sha256`` is None where nobody has written it down."""

    url: str
    sha256: str | None = None
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Network:
    """How to reach it; ``schemes`` is https alone but in tests."""

    session: requests.Session
    hosts: tuple[str, ...] = HOSTS
    schemes: tuple[str, ...] = ("https",)


class Unreachable(JobFailure):
    """The file cannot be had now: the server, or the way to it, fails."""


def fetch_file(source: Source, target: Path, network: Network, progress: Progress) -> None:
    """Writes the file to ``target``, which appears whole or not at all.

    What an interrupted attempt left (``target`` with ``.part``) is continued. Raises InputError
    for an address that is not allowed, Unreachable if it cannot be had, JobFailure if it is not
    what was promised.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target.with_name(target.name + ".lock")):
        if not target.is_file():  # another process may have fetched it meanwhile
            _fetch(source, target, network, progress)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Waits for other processes that fetch the same file."""
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fetch(source: Source, target: Path, network: Network, progress: Progress) -> None:
    part = target.with_name(target.name + ".part")
    have = part.stat().st_size if part.is_file() else 0
    try:
        with _open(source.url, network, have) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink(missing_ok=True)
                raise _unreachable(source, "what was fetched before does not fit it; try again")
            if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
                raise _unreachable(source, f"the server answers {response.status_code}")
            resumed = have if response.status_code == requests.codes.partial_content else 0
            _write(response, part, resumed, source, progress)
    except requests.RequestException as error:
        raise _unreachable(source, f"{type(error).__name__}: {error}") from error
    _require_hash(part, source)
    os.replace(part, target)


def check_address(url: str, network: Network, key: str = "weights.url") -> None:
    """Raises InputError unless the address is https, without a password, on an allowed host.

    ``key`` names where it stands.
    """
    parts = urlsplit(url)
    if parts.scheme not in network.schemes or parts.username or parts.password:
        raise InputError(
            f"not an address that is fetched from: {url}",
            key=key,
            hint="give an https address without a user",
        )
    if parts.hostname not in network.hosts:
        raise InputError(
            f"the host {parts.hostname} is not allowed",
            key=key,
            given=parts.hostname,
            choices=network.hosts,
            hint="fetch the file yourself and give its path",
        )


def _open(url: str, network: Network, have: int) -> requests.Response:
    """The response at the end of the redirects, each of which has to stay on an allowed host."""
    headers = {"Range": f"bytes={have}-"} if have else {}
    key = "weights.url"
    for _ in range(MAX_REDIRECTS + 1):
        check_address(url, network, key)
        response = network.session.get(
            url, stream=True, timeout=TIMEOUT_S, headers=headers, allow_redirects=False
        )
        if response.status_code not in REDIRECTS:
            return response
        response.close()
        key, url = f"redirect of {url}", urljoin(url, response.headers.get("Location", ""))
    raise requests.TooManyRedirects(f"more than {MAX_REDIRECTS} redirects")


def _write(
    response: requests.Response, part: Path, resumed: int, source: Source, progress: Progress
) -> None:
    announced = response.headers.get("Content-Length")
    total = int(announced) + resumed if announced and announced.isdigit() else None
    if total is not None and total > source.max_bytes:
        raise _failure(source, f"it is larger than {source.max_bytes} bytes")
    done = resumed
    with part.open("ab" if resumed else "wb") as stream:
        for block in response.iter_content(CHUNK):
            done += len(block)
            if done > source.max_bytes:
                raise _failure(source, f"it is larger than {source.max_bytes} bytes")
            stream.write(block)
            progress(done, total)
    if total is not None and done != total:
        raise _unreachable(source, f"it ended after {done} of {total} bytes; try again to go on")


def _require_hash(part: Path, source: Source) -> None:
    found = hash_file(part) if source.sha256 is not None else None
    if found != source.sha256:
        part.unlink()
        raise _failure(source, f"its sha256 is {found}, not {source.sha256}")


def _unreachable(source: Source, message: str) -> Unreachable:
    return Unreachable("fetch", "error", f"{source.url}: {message}")


def _failure(source: Source, message: str) -> JobFailure:
    return JobFailure("fetch", "error", f"{source.url}: {message}")
