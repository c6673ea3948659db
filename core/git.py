"""Reads a repository's revisions as data: no checkout, no hooks, no filters, no attributes."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError

REGULAR_MODES = ("100644", "100755")
MAX_BLOB_BYTES = 20 * 2**20


def run_git(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The one place that starts git. ``environment`` is added to this process's own."""
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=stdin,
        env={**os.environ, **environment} if environment else None,
        capture_output=True,
        check=False,
    )


@dataclass(frozen=True)
class Entry:
    """One path of a tree: its mode (``120000`` is a symbolic link) and its object name."""

    mode: str
    blob: str


@dataclass(frozen=True)
class GitRepo:
    """A repository on disk; every call is one ``git`` process that only reads."""

    path: Path

    def resolve(self, revision: str) -> str:
        """The full name of the commit; raises InputError for an unknown revision."""
        done = self._run(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{revision}^{{commit}}",
            check=False,
        )
        if done.returncode != 0:
            raise InputError(
                f"unknown revision {revision!r} in {self.path}",
                choices=self._branches(),
                given=revision,
                hint="name a branch, a tag or a commit that this repository has; "
                "a shallow clone may lack it: git fetch --unshallow",
            )
        return done.stdout.decode().strip()

    def merge_base(self, base: str, head: str) -> str | None:
        """The commit at which ``head`` left ``base``; None if they share no history."""
        done = self._run("merge-base", base, head, check=False)
        return done.stdout.decode().strip() or None

    def tree(self, commit: str) -> dict[str, Entry]:
        """Every file of the commit by path; names that are not UTF-8, or lead elsewhere, are left
        out.
        """
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", commit).stdout
        files = {}
        for line in listing.split(b"\0"):
            meta, _, name = line.partition(b"\t")
            with contextlib.suppress(UnicodeDecodeError):
                path = name.decode()
                mode, kind, blob = meta.decode().split(" ") if meta else ("", "", "")
                if kind == "blob" and not {"", ".", ".."} & {*path.split("/")}:
                    files[path] = Entry(mode, blob)
        return files

    def tree_id(self, commit: str, folder: str) -> str | None:
        """The object name of a folder, which changes exactly when its content does."""
        done = self._run("rev-parse", "--verify", "--quiet", f"{commit}:{folder}", check=False)
        return done.stdout.decode().strip() or None

    def read(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Contents by object name, in order; None where the object is missing or too large."""
        names = list(blobs)
        if not names:
            return
        known = self._run(
            "cat-file",
            "--batch-check=%(objectname) %(objecttype) %(objectsize)",
            stdin="\n".join(names).encode() + b"\n",
        ).stdout.decode()
        wanted = []
        for name, line in zip(names, known.splitlines(), strict=True):
            parts = line.split(" ")
            good = len(parts) == 3 and parts[1] == "blob" and int(parts[2]) <= MAX_BLOB_BYTES
            wanted.append(name if good else None)
        present = [name for name in wanted if name]
        content = iter(
            _split_batch(
                self._run("cat-file", "--batch", stdin="\n".join(present).encode() + b"\n").stdout
            )
        )
        for name, good_name in zip(names, wanted, strict=True):
            yield name, next(content) if good_name else None

    def _branches(self) -> list[str]:
        done = self._run(
            "for-each-ref",
            "--count=12",
            "--format=%(refname:short)",
            "--sort=-committerdate",
            "refs/heads",
            "refs/tags",
            check=False,
        )
        return done.stdout.decode().split()

    def _run(
        self, *arguments: str, stdin: bytes = b"", check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        done = run_git(self.path, *arguments, stdin=stdin)
        if check and done.returncode != 0:
            raise InputError(
                f"git {arguments[0]} failed in {self.path}: {done.stderr.decode().strip()}",
                hint="check the repository with: git fsck",
            )
        return done


def open_repo(path: Path) -> GitRepo:
    """The repository at ``path``; raises InputError if there is none."""
    if not path.is_dir():
        raise InputError(f"no such folder: {path}", hint="give the checkout with --repo DIR")
    repo = GitRepo(path)
    done = repo._run("rev-parse", "--git-dir", check=False)
    if done.returncode != 0:
        reason = done.stderr.decode().strip().splitlines()
        raise InputError(
            f"not a git repository: {path}" + (f" ({reason[0]})" if reason else ""),
            hint="give the checkout of the suite with --repo DIR",
        )
    return repo


def _split_batch(data: bytes) -> list[bytes]:
    """The contents in the output of ``git cat-file --batch``."""
    contents, at = [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        size = int(data[at:end].split(b" ")[2])
        contents.append(data[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return contents
