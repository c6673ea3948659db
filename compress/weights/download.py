"""Fetches published weights from allowed hosts: complete, and only with the expected content."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

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
"""The hosts on which the suites and PaddleSlim publish weights."""
MAX_BYTES = 4 * 2**30
MAX_REDIRECTS, TIMEOUT_S, CHUNK = 5, 30.0, 2**16
REDIRECTS = (301, 302, 303, 307, 308)

Progress = Callable[[int, int | None], None]
"""Called with the bytes so far and in total; the total is None if the server does not say it."""


@dataclass(frozen=True)
class Source:
    """A file on the network. ``sha256`` is None if nobody has recorded it."""

    url: str
    sha256: str | None = None
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Network:
    """The session and what it may fetch: https alone, at its own port, except in tests, where no
    ``ports`` are any. None is the port of an address that names none.
    """

    session: requests.Session
    hosts: tuple[str, ...] = HOSTS
    schemes: tuple[str, ...] = ("https",)
    ports: tuple[int | None, ...] = (None, 443)


class Unreachable(JobFailure):
    """The file cannot be fetched now: the server or the connection fails."""


def fetch_file(source: Source, target: Path, network: Network, progress: Progress) -> None:
    """Writes the file to ``target``, which appears whole or not at all.

    An interrupted attempt (``target`` with ``.part``) is resumed. Raises InputError for an address
    that is not allowed, Unreachable if the file cannot be fetched now, JobFailure if it is too
    large or its hash differs.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target.with_name(target.name + ".lock")):
        if not target.is_file():  # another process may have fetched it meanwhile
            _fetch(source, target, network, progress)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Waits until no other process fetches the same file."""
    with lock.open("ab") as stream:  # which empties nothing, should it be a link
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _fetch(source: Source, target: Path, network: Network, progress: Progress) -> None:
    part = target.with_name(target.name + ".part")
    start = part.stat().st_size if part.is_file() else 0
    try:
        with _open(source.url, network, start) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink(missing_ok=True)
                raise _unreachable(
                    source, "the part that was fetched before does not fit; try again"
                )
            if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
                raise _unreachable(source, f"the server answers {response.status_code}")
            resumed = start if response.status_code == requests.codes.partial_content else 0
            _write(response, part, resumed, source, progress)
    except (requests.RequestException, ValueError) as error:  # a redirect to what is no address
        raise _unreachable(source, f"{type(error).__name__}: {error}") from error
    _require_hash(part, source)
    os.replace(part, target)


def check_address(url: str, network: Network, key: str = "weights.url") -> None:
    """Raises InputError unless the address is https, has no user, and is on an allowed host.

    ``key`` is the option or key that holds the address, for the error.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in network.schemes or parts.username or parts.password:
        raise InputError(
            f"the address {url} is not allowed",
            key=key,
            hint="give an https address without a user",
        )
    if network.ports and parts.port not in network.ports:
        raise InputError(
            f"the port {parts.port} is not allowed",
            key=key,
            hint="give an https address without a port",
        )
    if parts.hostname not in network.hosts:
        raise InputError(
            f"the host {parts.hostname} is not allowed",
            key=key,
            given=parts.hostname,
            choices=network.hosts,
            hint="download the file yourself and give its path",
        )


def _split(url: str) -> SplitResult | None:
    """The parts of an address whose host and port can be read; None for any other."""
    try:
        url.encode()
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def _open(url: str, network: Network, start: int) -> requests.Response:
    """The response after all redirects, each of which has to stay on an allowed host."""
    headers = {"Range": f"bytes={start}-"} if start else {}
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
        raise _failure(source, f"the file is larger than {source.max_bytes} bytes")
    size_bytes = resumed
    with part.open("ab" if resumed else "wb") as stream:
        for block in response.iter_content(CHUNK):
            size_bytes += len(block)
            if size_bytes > source.max_bytes:
                raise _failure(source, f"the file is larger than {source.max_bytes} bytes")
            stream.write(block)
            progress(size_bytes, total)
    if total is not None and size_bytes != total:
        raise _unreachable(
            source, f"the answer ended after {size_bytes} of {total} bytes; try again to resume"
        )


def _require_hash(part: Path, source: Source) -> None:
    digest = hash_file(part) if source.sha256 is not None else None
    if digest != source.sha256:
        part.unlink()
        raise _failure(source, f"its sha256 is {digest}, not {source.sha256}")


def _unreachable(source: Source, message: str) -> Unreachable:
    return Unreachable("fetch", "error", f"{source.url}: {message}")


def _failure(source: Source, message: str) -> JobFailure:
    return JobFailure("fetch", "error", f"{source.url}: {message}")
