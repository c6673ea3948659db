"""Tells the commits that this user made in this clone from those that came from elsewhere.

An author's name proves nothing, since whoever makes a commit writes it. The reflog is kept by this
clone alone: a commit is the user's own if the reflog says that it was made here, and the user's
address is its author's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.git import GitRepo

MADE = re.compile(
    r"(commit|cherry-pick|revert)( \(\w+\))?:(?! fast-forward$)"
    r"|(rebase|pull)[^(:]*\((?!start|finish)\w+\):"
)
"""Actions of the reflog that make a commit; a fast-forward only moves to one."""
TRUSTED = tuple(
    f"refs/remotes/{remote}/{branch}"
    for remote in ("origin", "upstream")
    for branch in ("HEAD", "main", "master", "develop")
)
"""Branches of the repository that was cloned, as git and GitHub name its remotes by habit."""
MAX_COMMITS = 10_000


@dataclass(frozen=True)
class Stranger:
    """A commit that was not made here by this user, and the address of its author."""

    commit: str
    address: str


def find_stranger(repo: GitRepo, tips: tuple[str, ...], base: str | None = None) -> Stranger | None:
    """The newest commit in the histories of ``tips`` that somebody else made; None without one.

    The cloned repository's own branches are trusted. Without such remotes ``base`` and its history
    are, if there is one.
    """
    trusted = repo.refs(TRUSTED) or ([base] if base else [])
    made_here = {sha for sha, action in repo.reflog() if MADE.match(action)}
    user = repo.user_address()
    for commit, address in repo.authors(tips, trusted, MAX_COMMITS):
        if commit not in made_here or not user or address != user:
            return Stranger(commit, address)
    return None
