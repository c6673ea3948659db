"""Links shared libraries under the names by which Paddle opens them.

NVIDIA's wheels hold ``libnvinfer.so.8`` and the like, each in a folder of its own, while Paddle
opens ``libnvinfer.so``. The loader reads LD_LIBRARY_PATH when a process starts: to set it later, or
to load the libraries beforehand, does not help.

    python -m compress.runtimes.libraries

does so for slimgate's own environment, if that holds the Paddle for GPUs.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

PATTERN = "lib*.so*"
NAMESPACES = ("nvidia", "tensorrt")
"""The folders of the site-packages that hold the libraries of Paddle 2.6.2 for GPUs."""


def link_libraries(packages: Path, folders: Iterable[str], target: Path) -> list[str]:
    """Links every shared library below the folders of ``packages`` into ``target``, under its own
    name and without its version; returns the names. The links are relative: both may be moved
    together. Where two libraries have one name, the first in the order of their paths is taken.
    """
    links: dict[str, Path] = {}
    for folder in folders:
        for library in sorted((packages / folder).rglob(PATTERN)):
            for name in (library.name, unversioned(library.name)):
                links.setdefault(name, library)
    target.mkdir(parents=True)
    for name, library in links.items():
        (target / name).symlink_to(os.path.relpath(library, target))
    return sorted(links)


def unversioned(name: str) -> str:
    """``libcudnn.so`` for ``libcudnn.so.8``."""
    return name.partition(".so")[0] + ".so"


def link_own() -> list[str]:
    """Links the libraries of this Python's environment into its folder ``libraries``, where
    ``own_runtime`` finds them; returns the names.
    """
    target = Path(sys.prefix) / "libraries"
    shutil.rmtree(target, ignore_errors=True)
    return link_libraries(Path(sysconfig.get_path("purelib")), NAMESPACES, target)


if __name__ == "__main__":
    link_own()
