"""The library versions that artifacts and measurements depend on."""

from __future__ import annotations

from compress.suites import SUITES
from core.installation import installed

LIBRARIES = ("paddlepaddle", "paddlepaddle-gpu", "paddleslim", "numpy")


def library_versions() -> dict[str, str]:
    """Versions of the libraries on which the content of an artifact depends."""
    return {name: version for name in LIBRARIES if (version := installed(name)) is not None}


def reading_versions() -> dict[str, str]:
    """Versions of the libraries that read images and match boxes, on which accuracy depends."""
    names = ("opencv-python-headless", "opencv-python", "pillow", "pycocotools")
    return {name: version for name in names if (version := installed(name)) is not None}


def suite_versions() -> dict[str, str]:
    """Versions of the suites' own packages, where they are installed."""
    names = suite_distributions()
    return {name: version for name in names if (version := installed(name)) is not None}


def suite_distributions() -> tuple[str, ...]:
    """The suites' packages on PyPI, used for revisions that hold no code."""
    return tuple(suite.distribution for suite in SUITES.values())
