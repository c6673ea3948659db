"""What an artifact depends on besides its inputs: library versions and this tool's own code."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from pathlib import Path

LIBRARIES = ("paddlepaddle", "paddlepaddle-gpu", "paddleslim", "numpy")
SUITE_PACKAGES = {"paddleseg": "paddleseg", "paddledet": "paddledet"}


def installed(name: str) -> str | None:
    """The installed version of a distribution, without importing it; None if it is absent."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Versions of the libraries that decide an artifact's content."""
    return {name: version for name in LIBRARIES if (version := installed(name)) is not None}


def reading_versions() -> dict[str, str]:
    """Versions of the libraries that read images and match boxes: accuracy depends on them."""
    names = ("opencv-python-headless", "opencv-python", "pillow", "pycocotools")
    return {name: version for name in names if (version := installed(name)) is not None}


@functools.cache
def code_version(package: str) -> str:
    """sha256 over the source of one of our packages: ``compress`` or ``bench``."""
    root = Path(__file__).parent.parent / package
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
