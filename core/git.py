"""Reads a repository's revisions as data: no checkout, no hooks, no filters, no attributes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.git_history import (
    FACTS,
    PATCHES,
    CommitFacts,
    Move,
    digest_patches,
    parse_facts,
    parse_remotes,
    read_moves,
)
from core.git_objects import (
    FETCH_ALL,
    git_environment,
    list_tree,
    parse_sizes,
    readable_names,
)
from core.git_objects import MAX_BLOB_BYTES as MAX_BLOB_BYTES
from core.git_objects import Entry as Entry

REGULAR_MODES = ("100644", "100755")
LINK_MODE = b"120000 "
QUIET = ("--no-show-signature",)
"""Arguments of ``git log``, which as configured may run a program that prints between commits."""


def run_git(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Runs git in the folder; all of slimgate's git processes start here, and none fetches objects
    that it was not told to fetch. ``environment`` is added to ``git_environment``.
    """
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=stdin,
        env=git_environment(**(environment or {})),
        capture_output=True,
        check=False,
    )


@dataclass(frozen=True)
class GitRepo:
    """A repository on disk; every call is one ``git`` process that only reads."""

    path: Path

    def resolve(self, revision: str) -> str:
        """The full name of the commit; raises InputError for an unknown revision."""
        result = self._run(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{revision}^{{commit}}",
            check=False,
        )
        if result.returncode != 0:
            raise InputError(
                f"unknown revision {revision!r} in {self.path}",
                choices=self._branches(),
                given=revision,
                hint="name a branch, a tag or a commit that this repository has; "
                "a shallow clone may lack it: git fetch --unshallow",
            )
        return result.stdout.decode().strip()

    def merge_base(self, base: str, head: str) -> str | None:
        """The best common ancestor of the two commits; None if they share no history."""
        result = self._run("merge-base", base, head, check=False)
        return result.stdout.decode().strip() or None

    def is_ancestor(self, commit: str, tip: str) -> bool:
        """Whether the commit is part of the history of ``tip``."""
        return self._run("merge-base", "--is-ancestor", commit, tip, check=False).returncode == 0

    def refs(self, names: Iterable[str]) -> list[str]:
        """The commits of those references that exist."""
        listing = self._run("for-each-ref", "--format=%(objectname)", *names).stdout
        return listing.decode().split()

    def moves(self) -> list[Move]:
        """Every move of any reference of this clone."""
        common = self._run("rev-parse", "--git-common-dir").stdout.decode().removesuffix("\n")
        return read_moves(self.path / common)

    def commit_facts(self, names: Iterable[str]) -> dict[str, CommitFacts]:
        """What the commits say of themselves, without those that this clone no longer has."""
        stdin = "".join(f"{name}\n" for name in names).encode()
        return parse_facts(self._run("log", *QUIET, *FACTS, stdin=stdin).stdout if stdin else b"")

    def patches(self, names: Sequence[str]) -> dict[str, bytes]:
        """A digest of what each commit, which is no merge, changes in its parent; equal for equal
        lines in equal surroundings of equal files, wherever in the file these are.
        """
        stdin = "".join(f"{name}\n" for name in names).encode()
        return digest_patches(names, self._run("diff-tree", *PATCHES, stdin=stdin).stdout)

    def remotes(self) -> dict[str, str]:
        """The address from which each remote is fetched, by its name."""
        return parse_remotes(self._run("remote", "--verbose").stdout)

    def settings(self, key: str) -> list[str]:
        """The values of a key of git's configuration."""
        listing = self._run("config", "--get-all", "-z", key, check=False).stdout
        return listing.decode(errors="replace").split("\0")[:-1]

    def user_address(self) -> str:
        """The address under which this clone commits; empty if none is configured."""
        result = self._run("config", "--get", "user.email", check=False)
        return os.environ.get("GIT_AUTHOR_EMAIL") or result.stdout.decode().strip()

    def authors(
        self, tips: Iterable[str], without: Iterable[str], limit: int
    ) -> list[tuple[str, str]]:
        """At most ``limit`` commits in the history of ``tips`` and not in that of ``without``, the
        newest first, each with its author's address.
        """
        end = ["--not", *without] if without else []
        arguments = ("log", *QUIET, f"--max-count={limit}", "-z", "--format=%H %ae", *tips, *end)
        lines = (
            line.decode(errors="replace") for line in self._run(*arguments).stdout.split(b"\0")
        )
        return [(line[:40], line[41:]) for line in lines if line]

    def tree(self, commit: str) -> dict[str, Entry]:
        """Every file of the commit by path: see ``core.git_objects.list_tree``."""
        return list_tree(self.path, commit)

    def tree_id(self, commit: str, folder: str) -> str | None:
        """The object name of a folder, which changes exactly when its content does; None if the
        commit lacks the folder.
        """
        result = self._run("rev-parse", "--verify", "--quiet", f"{commit}:{folder}", check=False)
        return result.stdout.decode().strip() or None

    def tracked_links(self) -> list[Path]:
        """The symbolic links in the work tree that its index holds; none in a bare repository."""
        listing = self._run("ls-files", "--stage", "--full-name", "-z", check=False).stdout
        names = [
            line.partition(b"\t")[2] for line in listing.split(b"\0") if line.startswith(LINK_MODE)
        ]
        if not names:
            return []
        top = self._run("rev-parse", "--show-toplevel").stdout.removesuffix(b"\n")
        return [Path(os.fsdecode(top)) / os.fsdecode(name) for name in names]

    def read(
        self, blobs: Iterable[str], max_bytes: int = MAX_BLOB_BYTES
    ) -> Iterator[tuple[str, bytes | None]]:
        """Contents by object name, in order; None where the object is missing or too large."""
        names = list(blobs)
        if not names:
            return
        readable = readable_names(names, self._sizes(names), max_bytes)
        present = [name for name in readable if name is not None]
        request = "".join(f"{name}\n" for name in present).encode()
        contents = iter(_split_batch(self._run("cat-file", "--batch", stdin=request).stdout))
        for name, readable_name in zip(names, readable, strict=True):
            yield name, next(contents) if readable_name else None

    def _sizes(self, names: Sequence[str]) -> list[int | None]:
        """Bytes of each blob, None where it is missing. A partial clone's git gives up at the first
        object that was left out; then all that it holds are listed.
        """
        form = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
        request = "".join(f"{name}\n" for name in names).encode()
        result = self._run("cat-file", form, stdin=request, check=False)
        if result.returncode != 0:
            result = self._run("cat-file", form, "--batch-all-objects", "--unordered")
        sizes = parse_sizes(result.stdout.decode().splitlines())
        return [sizes.get(name) for name in names]

    def _branches(self) -> list[str]:
        result = self._run(
            "for-each-ref",
            "--count=12",
            "--format=%(refname:short)",
            "--sort=-committerdate",
            "refs/heads",
            "refs/tags",
            check=False,
        )
        return result.stdout.decode().split()

    def _run(
        self, *arguments: str, stdin: bytes = b"", check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        result = run_git(self.path, *arguments, stdin=stdin)
        if check and result.returncode != 0:
            reason = result.stderr.decode(errors="replace").strip()
            raise InputError(
                f"git {arguments[0]} failed in {self.path}: {reason}",
                hint=FETCH_ALL if "promisor" in reason else "check the repository with: git fsck",
            )
        return result


def open_repo(path: Path) -> GitRepo:
    """The repository at ``path``; raises InputError if it is missing or not a repository."""
    if not path.is_dir():
        raise InputError(f"no such folder: {path}", hint="give the checkout with --repo DIR")
    repo = GitRepo(path)
    result = repo._run("rev-parse", "--git-dir", check=False)
    if result.returncode != 0:
        reason = result.stderr.decode().strip().splitlines()
        raise InputError(
            f"not a git repository: {path}" + (f" ({reason[0]})" if reason else ""),
            hint="give the checkout of the suite with --repo DIR",
        )
    return repo


def _split_batch(data: bytes) -> list[bytes]:
    """The contents in the output of ``git cat-file --batch``."""
    contents, position = [], 0
    while position < len(data):
        end = data.index(b"\n", position)
        size = int(data[position:end].split(b" ")[2])
        contents.append(data[end + 1 : end + 1 + size])
        position = end + 1 + size + 1
    return contents
