"""This installation of slimgate: its folders, its code and the libraries installed with it."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def shipped(folder: str) -> Path:
    """The folder ``configs``, ``templates`` or ``examples``, beside the packages."""
    return ROOT / folder


def installed(name: str) -> str | None:
    """The installed version of a distribution, without importing it; None if it is absent."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def installed_package(distribution: str, package: str) -> Path | None:
    """The folder of a top-level package of a distribution, found without importing it; None if it
    is not installed.
    """
    try:
        files = importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
    folder = Path(str(files.locate_file(package)))
    return folder if folder.is_dir() else None


@functools.cache
def code_version(*packages: str) -> str:
    """sha256 over the source of the named packages, such as ``core`` and ``compress``."""
    digest = hashlib.sha256()
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
