"""Lists trees and reads blobs that a stranger may have made, within limits.

A few small trees that name one another expand to billions of files, and a push of a megabyte to
gigabytes of text: listings are read as they come, sizes are looked at before contents.
"""

from __future__ import annotations

import os
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError

MAX_BLOB_BYTES, MAX_TOTAL_BYTES = 20 * 2**20, 128 * 2**20
MAX_ENTRIES, MAX_LISTING_BYTES, MAX_PATH_BYTES = 100_000, 32 * 2**20, 1000
"""PaddleDetection has 2,900 files, PaddleSeg 2,500; their longest path has 114 bytes."""
SETTINGS = {"GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1"}
"""In a partial clone git would fetch each object that it lacks, when the object is looked at: also
those that the clone left out because of their size. Known to git 2.45, and to fixes of older ones.
And references below ``refs/replace`` would show other content under a commit's name.
"""
ELSEWHERE = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""Variables by which git looks at another repository, or another part of it, than that of its
folder; it sets some of them for its hooks. Those that hold settings are handed on: services set
``safe.directory`` by them.
"""
FETCH_ALL = "fetch what the partial clone left out: git fetch --refetch --no-filter"
CHUNK = 2**16


@dataclass(frozen=True)
class Entry:
    """One path of a tree: its mode (``120000`` is a symbolic link) and its object name."""

    mode: str
    blob: str


def git_environment(**added: str) -> dict[str, str]:
    """This process's variables as git gets them, without those that lead it elsewhere."""
    own = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return {**own, **SETTINGS, **added}


def list_tree(folder: Path, commit: str) -> dict[str, Entry]:
    """Every file of the commit by path, without names that are not UTF-8, are very long, or hold a
    control character or a ``.`` or ``..`` as a part; raises InputError beyond the limits.
    """
    files: dict[str, Entry] = {}
    for number, line in enumerate(_listing(folder, commit)):
        if number >= MAX_ENTRIES:
            raise _too_large(folder, commit, f"more than {MAX_ENTRIES} files")
        meta, _, name = line.partition(b"\t")
        mode, kind, blob = meta.decode().split(" ")
        path = _plain_path(name)
        if kind == "blob" and path is not None:
            files[path] = Entry(mode, blob)
    return files


def _plain_path(name: bytes) -> str | None:
    if len(name) > MAX_PATH_BYTES:
        return None
    try:
        path = name.decode()
    except UnicodeDecodeError:
        return None
    if {"", ".", ".."} & {*path.split("/")}:
        return None
    if not path.isprintable() and any(unicodedata.category(c) == "Cc" for c in path):
        return None
    return path


def _listing(folder: Path, commit: str) -> Iterator[bytes]:
    """The entries of ``git ls-tree`` as they come; git is ended when nobody wants more of them."""
    command = ["git", "-C", str(folder), "ls-tree", "-r", "-z", "--full-tree", commit]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=git_environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            total, rest = 0, b""
            while block := process.stdout.read(CHUNK):
                total += len(block)
                if total > MAX_LISTING_BYTES:
                    problem = f"paths of more than {MAX_LISTING_BYTES >> 20} MiB"
                    raise _too_large(folder, commit, problem)
                *lines, rest = (rest + block).split(b"\0")
                yield from lines
        except BaseException:
            process.kill()
            raise
        words = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        reason = words or f"it ended with {process.returncode}"
        hint = FETCH_ALL if "promisor" in reason else "check the repository with: git fsck"
        raise InputError(f"git ls-tree failed in {folder}: {reason}", hint=hint)


def _too_large(folder: Path, commit: str, problem: str) -> InputError:
    hint = "no suite is that large: look at the commit with: git ls-tree -d"
    return InputError(f"the commit {commit[:12]} has {problem}", file=str(folder), hint=hint)


def readable_names(
    names: Sequence[str], sizes: Sequence[int | None], max_bytes: int
) -> list[str | None]:
    """The names of blobs to read, None in place of those that are missing or too large; raises
    InputError if all together are too large.
    """
    fitting = [s is not None and s <= max_bytes for s in sizes]
    if sum(s for s, fits in zip(sizes, fitting, strict=True) if fits and s) > MAX_TOTAL_BYTES:
        problem = f"its files have more than {MAX_TOTAL_BYTES >> 20} MiB together"
        raise InputError(problem, hint="no suite is that large: look at the files of the change")
    return [name if fits else None for name, fits in zip(names, fitting, strict=True)]


def parse_sizes(listing: Iterable[str]) -> dict[str, int]:
    """Sizes of blobs by name, from the output of ``git cat-file --batch-check``."""
    parts = (line.split(" ") for line in listing)
    return {p[0]: int(p[2]) for p in parts if len(p) == 3 and p[1] == "blob"}
