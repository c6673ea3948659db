"""Reads a repository's revisions as data: no checkout, no hooks, no filters, no attributes."""

from __future__ import annotations

import functools
import os
import re
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
from core.safe_json import encodable

REGULAR_MODES = ("100644", "100755")
LINK_MODE, SUBMODULE_MODE = b"120000 ", b"160000 "
MEANINGS = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""The references that a name may stand for, in git's order."""
DIGITS = re.compile(r"[0-9a-fA-F]{4,39}")
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
        """The full name of the commit; raises InputError for an unknown revision, and for a name of
        several references that lead to different commits: git would take a tag before a branch,
        and a branch before that of a remote, whoever named it so.
        """
        name = reference_name(revision)
        commits = {reference: self._commit(reference) for reference in self._meanings(name)}
        if len(set(commits.values())) > 1:
            raise InputError(
                f"{name!r} names different commits in {self.path}",
                choices=tuple(commits),
                hint="give the full name of the one that you mean",
            )
        is_missing = name.startswith("refs/") and not commits
        commit = None if is_missing else self._commit(revision)
        if commit is None:
            raise InputError(
                f"unknown revision {revision!r} in {self.path}",
                choices=self._branches(),
                given=revision,
                hint="name a branch, a tag or a commit that this repository has; "
                "a shallow clone may lack it: git fetch --unshallow",
            )
        return commit

    def _commit(self, revision: str) -> str | None:
        """The commit that git takes the revision for; None if that is none."""
        options = ("--verify", "--quiet", "--end-of-options")
        result = self._run("rev-parse", *options, f"{revision}^{{commit}}", check=False)
        commit = result.stdout.decode().strip()
        return commit if result.returncode == 0 and not commit.startswith("^") else None

    def _meanings(self, name: str) -> list[str]:
        """The references that the name may stand for, and the commit whose name begins so. A full
        name stands for its own reference alone.
        """
        if name.startswith("refs/"):
            return self._references([name])
        existing = self._references([form.format(name) for form in MEANINGS]) if name else []
        return [*existing, *self._abbreviated(name)] if existing else []

    def _abbreviated(self, name: str) -> list[str]:
        """The commits whose names begin so."""
        if not DIGITS.fullmatch(name):
            return []
        names = self._run("rev-parse", f"--disambiguate={name}").stdout.decode().split()
        return [commit for commit in names if self._commit(commit) == commit]

    def merge_base(self, base: str, head: str) -> str | None:
        """The best common ancestor of the two commits; None if they share no history."""
        result = self._run("merge-base", base, head, check=False)
        return result.stdout.decode().strip() or None

    def is_ancestor(self, commit: str, tip: str) -> bool:
        """Whether the commit is part of the history of ``tip``."""
        return self._run("merge-base", "--is-ancestor", commit, tip, check=False).returncode == 0

    def refs(self, names: Iterable[str]) -> list[str]:
        """The commits of those references that exist."""
        commits = map(self._commit, self._references([*names]))
        return [commit for commit in commits if commit is not None]

    def _references(self, names: Sequence[str]) -> list[str]:
        """Those of the full names that exist, without what lies below them."""
        listing = self._run("for-each-ref", "--format=%(refname)", *names).stdout
        existing = {os.fsdecode(line) for line in listing.split(b"\n")}
        return [name for name in names if name in existing]

    def moves(self) -> list[Move]:
        """Every move of any reference of this clone."""
        common = self._run("rev-parse", "--git-common-dir").stdout.removesuffix(b"\n")
        return read_moves(self.path / os.fsdecode(common))

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
        configured = result.stdout.decode(errors="replace").strip()
        return os.environ.get("GIT_AUTHOR_EMAIL") or configured

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
        """Every file of the commit by path: see ``core.git_objects.list_tree``. The last ones are
        kept: a commit never changes.
        """
        return dict(_list_tree(self.path, commit))

    def tree_id(self, commit: str, folder: str) -> str | None:
        """The object name of a folder, which changes exactly when its content does; None if the
        commit lacks the folder.
        """
        result = self._run("rev-parse", "--verify", "--quiet", f"{commit}:{folder}", check=False)
        return result.stdout.decode().strip() or None

    def tracked(self, mode: bytes) -> list[Path]:
        """The paths of this mode in its folder that its index holds; none in a bare repository.
        No program runs that the repository's own configuration names.
        """
        if self._run("rev-parse", "--is-bare-repository").stdout == b"true\n":
            return []
        given = os.environ.get("GIT_CONFIG_PARAMETERS", "")
        environment = {"GIT_CONFIG_PARAMETERS": f"{given} 'core.fsmonitor=false'".strip()}
        listing = self._run(
            "ls-files", "--stage", "--full-name", "-z", environment=environment
        ).stdout
        names = [line.partition(b"\t")[2] for line in listing.split(b"\0") if line.startswith(mode)]
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
        return [encodable(os.fsdecode(name)) for name in result.stdout.split()]

    def _run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[bytes]:
        result = run_git(self.path, *arguments, stdin=stdin, environment=environment)
        if check and result.returncode != 0:
            reason = result.stderr.decode(errors="replace").strip()
            raise InputError(
                f"git {arguments[0]} failed in {self.path}: {reason}",
                hint=FETCH_ALL if "promisor" in reason else "check the repository with: git fsck",
            )
        return result


@functools.lru_cache(maxsize=8)
def _list_tree(folder: Path, commit: str) -> Mapping[str, Entry]:
    return list_tree(folder, commit)


def open_repo(path: Path) -> GitRepo:
    """The repository at ``path``; raises InputError if it is missing or not a repository."""
    if not path.is_dir():
        raise InputError(f"no such folder: {path}", hint="give the checkout with --repo DIR")
    repo = GitRepo(path)
    result = repo._run("rev-parse", "--git-dir", check=False)
    if result.returncode != 0:
        reason = result.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(
            f"not a git repository: {path}" + (f" ({reason[0]})" if reason else ""),
            hint="give the checkout of the suite with --repo DIR",
        )
    return repo


def reference_name(revision: str) -> str:
    """The reference's part of ``develop~3``; empty for a commit's full name, and for what git keeps
    itself, such as HEAD.
    """
    name = re.split(r"[~^:]|@\{", revision, maxsplit=1)[0]
    return "" if re.fullmatch(r"@|[A-Z_]*HEAD|[0-9a-fA-F]{40}", name) else name


def _split_batch(data: bytes) -> list[bytes]:
    """The contents in the output of ``git cat-file --batch``."""
    contents, position = [], 0
    while position < len(data):
        end = data.index(b"\n", position)
        size = int(data[position:end].split(b" ")[2])
        contents.append(data[end + 1 : end + 1 + size])
        position = end + 1 + size + 1
    return contents
