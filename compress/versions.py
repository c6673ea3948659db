"""The library versions that artifacts and measurements depend on."""

from __future__ import annotations

from collections.abc import Iterable

from compress.runtimes.runtime import Runtime
from compress.suites import SUITES

LIBRARIES = ("paddlepaddle", "paddlepaddle-gpu", "paddleslim", "numpy", "openvino")
READERS = ("opencv-python-headless", "opencv-python", "pillow", "pycocotools")
"""What reads images and matches boxes."""


def library_versions(runtime: Runtime) -> dict[str, str]:
    """Versions of the libraries on which the content of an artifact depends."""
    return _present(runtime, LIBRARIES)


def reading_versions(runtime: Runtime) -> dict[str, str]:
    """Versions of the libraries that read images and match boxes, on which accuracy depends."""
    return _present(runtime, READERS)


def suite_versions(runtime: Runtime) -> dict[str, str]:
    """Versions of the suites' own packages, where they are installed."""
    return _present(runtime, suite_distributions())


def suite_distributions() -> tuple[str, ...]:
    """The suites' packages on PyPI, used for revisions that hold no code."""
    return tuple(suite.distribution for suite in SUITES.values())


def decisive_distributions() -> tuple[str, ...]:
    """Every distribution whose version decides what a worker makes or measures."""
    return (*LIBRARIES, *READERS, *suite_distributions())


def _present(runtime: Runtime, names: Iterable[str]) -> dict[str, str]:
    return {name: version for name in names if (version := runtime.version(name)) is not None}
