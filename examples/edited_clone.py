"""A bare clone in which commits are made without a checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

AUTHOR = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "slimgate"), ("EMAIL", "slimgate@example.com"))
}


class EditedClone:
    """Shares the objects of another repository."""

    def __init__(self, path: Path, origin: Path) -> None:
        self.path = path
        command = ["git", "clone", "--quiet", "--bare", "--shared", str(origin), str(path)]
        subprocess.run(command, check=True)

    def commit(self, tree: str) -> str:
        """A commit without parents."""
        return self._git("commit-tree", tree, "-m", "base")

    def read(self, commit: str, file: str) -> str:
        """A file's text, with line ends as they are."""
        return self._run("show", f"{commit}:{file}").decode()

    def write(self, commit: str, file: str, text: str) -> str:
        """A commit in which the file has another text."""
        blob = self._git("hash-object", "-w", "--stdin", stdin=text.encode())
        self._git("read-tree", commit)
        self._git("update-index", "--cacheinfo", f"100644,{blob},{file}")
        tree = self._git("write-tree", "--missing-ok")
        return self._git("commit-tree", tree, "-p", commit, "-m", "edit")

    def multiply(self, commit: str, folder: str, copies: int) -> str:
        """A commit with further copies of a folder below it."""
        self._git("read-tree", commit)
        for number in range(1, copies):
            self._git("read-tree", "-i", f"--prefix={folder}/copy{number}/", f"{commit}:{folder}")
        return self.commit(self._git("write-tree", "--missing-ok"))

    def _git(self, *arguments: str, stdin: bytes = b"") -> str:
        return self._run(*arguments, stdin=stdin).decode().strip()

    def _run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        command = ["git", "-C", str(self.path), *arguments]
        environment = {**os.environ, **AUTHOR}
        return subprocess.run(
            command, input=stdin, capture_output=True, check=True, env=environment
        ).stdout
