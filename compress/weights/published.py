"""Finds a model's trained weights on this machine, or fetches them from their publisher."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import requests

from compress.manifest import Weights
from compress.source import find_weights
from compress.weights.archive import extract_member
from compress.weights.download import (
    CHUNK,
    MAX_BYTES,
    Network,
    Progress,
    Source,
    Unreachable,
    check_address,
    fetch_file,
)
from core.store import DOWNLOADS, Store, hash_file

UNSAFE = re.compile(r"[^\w.+-]", re.ASCII)
MAX_NAME = 100
"""Characters of a file's name that its address chooses; with a hash and a suffix they stay below
the 255 bytes of file systems.
"""


@dataclass(frozen=True)
class Publisher:
    """The source of published weights. ``downloads`` is the folder of fetched files; ``network``
    is None if nothing may be fetched.
    """

    downloads: Path
    network: Network | None
    progress: Progress


def locate_weights(
    weights: Weights | None, folder: Path, publisher: Publisher
) -> tuple[Path | None, str]:
    """The weights' file and "", or None and the reason: a model then has initial weights.

    ``folder`` is the manifest's, to which paths are relative. Raises InputError for an address
    that is not allowed or a path that does not exist, JobFailure for a file whose content is not
    what the manifest says.
    """
    if weights is None:
        return None, "the manifest names no weights"
    path, reason = _locate(weights, folder, publisher)
    if path is None or weights.member is None:
        return path, reason
    return _member(path, weights.member, publisher.downloads), ""


def _locate(weights: Weights, folder: Path, publisher: Publisher) -> tuple[Path | None, str]:
    """The file as published, archives included; or None and the reason."""
    if weights.url is None:
        assert weights.path is not None
        return find_weights(folder / weights.path, weights.sha256), ""
    copy = publisher.downloads / _name(weights.url, weights.sha256)
    if copy.is_file():
        copy.touch()  # its last use
        return find_weights(copy, weights.sha256), ""
    if publisher.network is None:
        return None, "the weights were not fetched"
    check_address(weights.url, publisher.network)
    try:
        fetch_file(Source(weights.url, weights.sha256), copy, publisher.network, publisher.progress)
    except Unreachable as failure:
        return None, f"the weights cannot be fetched: {failure.message[:200]}"
    return copy, ""


def _member(archive: Path, member: str, downloads: Path) -> Path:
    """The weights in an archive, extracted once for each content of it."""
    copy = downloads / _named_by(f"{hash_file(archive)} {member}", member)
    if copy.is_file():
        copy.touch()
    else:
        downloads.mkdir(parents=True, exist_ok=True)
        extract_member(archive, member, copy, MAX_BYTES)
    return copy


def _name(url: str, sha256: str | None) -> str:
    """A recognisable file name, different for each address and hash."""
    return _named_by(f"{url} {sha256 or ''}", re.split("[?#]", url)[0])


def _named_by(content: str, path: str) -> str:
    """A hash of ``content`` and the last part of ``path``, as any file system takes it."""
    digest = hashlib.sha256(content.encode(errors="replace")).hexdigest()[:16]
    return f"{digest}-{UNSAFE.sub('_', PurePosixPath(path).name)[-MAX_NAME:]}"


REPORT_BYTES = 2**24


def open_publisher(store: Store, fetches: bool, say: Callable[[str], None]) -> Publisher:
    """The source of published weights; fetched files lie beside the store's entries. ``fetches``:
    whether files may be fetched.
    """

    def progress(size_bytes: int, total: int | None) -> None:
        if size_bytes % REPORT_BYTES < CHUNK or size_bytes == total:
            of = f" of {total / 1e6:.0f}" if total else ""
            say(f"fetched {size_bytes / 1e6:.0f}{of} MB")

    network = Network(requests.Session()) if fetches else None
    return Publisher(store.root / DOWNLOADS, network, progress)
