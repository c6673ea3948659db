"""A copy of the working tree in which one defence at a time is missing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.git import run_git
from core.installation import ROOT
from tests.defences.entries import Defence, without

SHARED = ("examples/github/node_modules", "examples/github/openapi/node_modules")
"""Folders that git ignores and tests need; the copy links to them."""


@dataclass(frozen=True)
class Tree:
    """A copy of the working tree, in which nothing but tests runs."""

    root: Path

    @contextlib.contextmanager
    def without(self, defence: Defence) -> Iterator[None]:
        """The tree without the defence within the block; raises InputError if the entry does not
        fit its file.
        """
        file = self.root / defence.file
        original = file.read_bytes()
        changed = without(original.decode("utf-8"), defence)
        try:
            file.write_bytes(changed.encode("utf-8"))
            yield
        finally:
            file.write_bytes(original)

    @property
    def environment(self) -> dict[str, str]:
        """Variables for Python in this tree. It writes no bytecode: that of a file without its
        defence could be taken for that of the file, since both have the same second of change.
        """
        own = {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**os.environ, **own, "HYPOTHESIS_STORAGE_DIRECTORY": str(self.root / ".hypothesis")}


def copy_tree(target: Path, root: Path = ROOT) -> Tree:
    """Copies what git lists, files not yet added included, to an empty folder."""
    listing = run_git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listing.stdout.decode("utf-8").split("\0")):
        if (root / name).is_file():  # else deleted, and not yet for git
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    for name in SHARED:
        if (root / name).is_dir():
            (target / name).symlink_to((root / name).resolve())
    return Tree(target)
