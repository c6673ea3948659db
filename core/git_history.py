"""Reads what git says of commits, of their patches, and of a clone's reflogs and remotes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOGGED = re.compile(rb"([0-9a-f]{40}) ([0-9a-f]{40}) [^<]*<[^>]*> \d+ [+-]\d{4}\t(.*)")
"""A line of a reflog: the commits before and after a move, who made it and when, its account."""
NAME = re.compile(rb"[0-9a-f]{40}")
FETCHED = re.compile(r"^([^\t\n]+)\t(.*) \(fetch\)(?: \[.*\])?$", re.MULTILINE)
FACTS = ("--no-walk=unsorted", "--ignore-missing", "-z", "--format=%H%n%at%n%P%n%ae", "--stdin")
"""Arguments of ``git log`` for ``parse_facts``."""
PATCHES = (
    *("--stdin", "-r", "-p", "--root", "--unified=3", "--no-color"),
    *("--text", "--no-renames", "--no-ext-diff", "--no-textconv"),
)
"""Arguments of ``git diff-tree`` for ``digest_patches``: every file as text, or an attribute that
the commit itself sets would hide what it changes.
"""


@dataclass(frozen=True)
class Move:
    """A reference went from the commit ``old`` to ``new``; ``action`` is git's account of it."""

    old: str
    new: str
    action: str


@dataclass(frozen=True)
class CommitFacts:
    """The author's address, when the author wrote it (seconds since the epoch), and how many
    parents it has.
    """

    author: str
    written_at: str
    parents: int


def read_moves(folder: Path) -> list[Move]:
    """Every line of the reflogs below the git folder that its worktrees share. They are read from
    git's files, since no command tells the commit before a move.
    """
    files = sorted((*(folder / "logs").rglob("*"), *folder.glob("worktrees/*/logs/HEAD")))
    lines = (line for file in files if file.is_file() for line in file.read_bytes().split(b"\n"))
    matches = (LOGGED.fullmatch(line) for line in lines)
    return [
        Move(match[1].decode(), match[2].decode(), match[3].decode(errors="replace"))
        for match in matches
        if match
    ]


def parse_facts(listing: bytes) -> dict[str, CommitFacts]:
    """The facts of each commit by its name."""
    facts = {}
    for entry in listing.decode(errors="replace").split("\0"):
        if entry:
            name, time, parents, author = entry.split("\n", 3)
            facts[name] = CommitFacts(author.removesuffix("\n"), time, len(parents.split()))
    return facts


def digest_patches(names: Iterable[str], listing: bytes) -> dict[str, bytes]:
    """The sha256 of each commit's patch, without the names of blobs and the numbers of lines; that
    of nothing for a commit without a patch.
    """
    digests = {name: hashlib.sha256() for name in names}
    digest = hashlib.sha256()
    for line in listing.removesuffix(b"\n").split(b"\n"):
        if NAME.fullmatch(line):
            digest = digests[line.decode()]
        elif not line.startswith(b"index "):
            digest.update(b"@@\n" if line.startswith(b"@@ ") else line + b"\n")
    return {name: digest.digest() for name, digest in digests.items()}


def parse_remotes(listing: bytes) -> dict[str, str]:
    """The address from which each remote is fetched, of the output of ``git remote --verbose``."""
    matches = FETCHED.finditer(listing.decode(errors="replace"))
    return {match[1]: match[2] for match in matches}
