"""Slimgate's own code, as workers of any runtime import it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

OWN = ("core", "compress")
"""The packages that every worker imports besides that of its module."""


def code_folders(module: str) -> tuple[Path, ...]:
    """The folders of the packages that a worker of this module imports."""
    folders = (folder for name in (module, *OWN) for folder in package_folders(name))
    return tuple(dict.fromkeys(folders))


def link_code(module: str, target: Path) -> Path:
    """A new folder with a link to each of those packages, for PYTHONPATH: their own parent may hold
    the libraries of another runtime as well.
    """
    target.mkdir()
    for folder in code_folders(module):
        (target / folder.name).symlink_to(folder)
    return target


def package_folders(module: str) -> list[Path]:
    """The folders of a module's top-level package, found without importing it; none for a module
    that is not in a package.
    """
    spec = importlib.util.find_spec(module.partition(".")[0])
    places = spec.submodule_search_locations if spec else None
    return [Path(place) for place in places or ()]
