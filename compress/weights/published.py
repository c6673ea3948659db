"""Finds a model's trained weights on this machine, or fetches them from their publisher."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

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
from core.store import Store, hash_file


@dataclass(frozen=True)
class Publisher:
    """``downloads`` keeps what was fetched; ``network`` is None where nothing may be fetched."""

    downloads: Path
    network: Network | None
    progress: Progress


def locate_weights(
    weights: Weights | None, folder: Path, publisher: Publisher
) -> tuple[Path | None, str]:
    """The weights' file, or None and the reason: then a model is built with initial weights.

    ``folder`` is the manifest's, which paths are relative to. Raises InputError for an address
    that is not allowed or a path that does not exist, JobFailure for a file that is not what the
    manifest says.
    """
    if weights is None:
        return None, "the manifest names no weights"
    found, why = _locate(weights, folder, publisher)
    if found is None or weights.member is None:
        return found, why
    return _member(found, weights.member, publisher.downloads), ""


def _locate(weights: Weights, folder: Path, publisher: Publisher) -> tuple[Path | None, str]:
    """The file as it is published."""
    if weights.url is None:
        assert weights.path is not None
        return find_weights(folder / weights.path, weights.sha256), ""
    kept = publisher.downloads / _name(weights.url, weights.sha256)
    if kept.is_file():
        return find_weights(kept, weights.sha256), ""
    if publisher.network is None:
        return None, "the weights were not fetched"
    check_address(weights.url, publisher.network)
    try:
        fetch_file(Source(weights.url, weights.sha256), kept, publisher.network, publisher.progress)
    except Unreachable as failure:
        return None, f"cannot be had: {failure.message[:200]}"
    return kept, ""


def _member(archive: Path, member: str, downloads: Path) -> Path:
    """The weights in an archive, taken out once for its contents."""
    digest = hashlib.sha256(f"{hash_file(archive)} {member}".encode()).hexdigest()[:16]
    kept = downloads / f"{digest}-{PurePosixPath(member).name}"
    if not kept.is_file():
        downloads.mkdir(parents=True, exist_ok=True)
        extract_member(archive, member, kept, MAX_BYTES)
    return kept


def _name(url: str, sha256: str | None) -> str:
    """A file name that tells addresses and their contents apart and can be recognised."""
    digest = hashlib.sha256(f"{url} {sha256 or ''}".encode()).hexdigest()[:16]
    return f"{digest}-{PurePosixPath(urlsplit(url).path).name}"


DOWNLOADS, TOLD_BYTES = "downloads", 2**24


def open_publisher(store: Store, fetches: bool, say: Callable[[str], None]) -> Publisher:
    """Where published weights come from; they are kept beside the store's entries."""

    def progress(done: int, total: int | None) -> None:
        if done % TOLD_BYTES < CHUNK or done == total:
            of = f" of {total / 1e6:.0f}" if total else ""
            say(f"fetched {done / 1e6:.0f}{of} MB")

    network = Network(requests.Session()) if fetches else None
    return Publisher(store.root / DOWNLOADS, network, progress)
