"""Tells the commits that this user made in this clone from those that came from elsewhere.

An author's name proves nothing, since whoever makes a commit writes it, and git keeps it when the
commit is rebased, amended or picked. The reflog is kept by this clone alone: a commit is the user's
own if the reflog says that its content was committed here, and the user's address is its author's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.git import GitRepo
from core.reflog import made_here

BRANCHES = ("HEAD", "main", "master", "develop")
"""Branches of a suite's repository that are trusted."""
TRUST_KEY = "slimgate.trusts"
"""A key of git's own configuration, which no clone transfers: remotes that are trusted as well."""
GITHUB = re.compile(
    r"(https://([\w.%+:-]+@)?github\.com/|ssh://git@github\.com/|git@github\.com:)"
    r"(?P<repository>[\w.-]+/[\w.-]+?)(\.git)?/?",
    re.ASCII | re.IGNORECASE,
)
"""Addresses of a repository on GitHub over connections that nobody can change."""
MAX_COMMITS = 10_000


@dataclass(frozen=True)
class Stranger:
    """A commit that was not made here by this user, and the address of its author."""

    commit: str
    address: str


def find_stranger(
    repo: GitRepo,
    tips: tuple[str, ...],
    base: str | None = None,
    repositories: tuple[str, ...] = (),
) -> Stranger | None:
    """The newest commit in the histories of ``tips`` that somebody else made; None without one.

    The main branches of remotes with the address of one of ``repositories`` (``owner/name``) are
    trusted. In a clone without remotes ``base`` and its history are, if there is one.
    """
    remotes = repo.remotes()
    trusted = _trusted_branches(repo, remotes, repositories) if remotes else [base] if base else []
    commits = repo.authors(tips, trusted, MAX_COMMITS)
    user = repo.user_address()
    own = made_here(repo, user, frozenset(name for name, _ in commits)) if user else frozenset()
    return next((Stranger(*commit) for commit in commits if commit[0] not in own), None)


def is_repository(address: str, repositories: tuple[str, ...]) -> bool:
    """Whether the address of a remote is that of one of the repositories on GitHub."""
    match = GITHUB.fullmatch(address)
    names = {name.casefold() for name in repositories}
    return match is not None and match["repository"].casefold() in names


def _trusted_branches(
    repo: GitRepo, remotes: dict[str, str], repositories: tuple[str, ...]
) -> list[str]:
    """The commits of the trusted branches that this clone has."""
    named = repo.settings(TRUST_KEY)
    trusted = [
        name
        for name, address in remotes.items()
        if name in named or is_repository(address, repositories)
    ]
    references = [f"refs/remotes/{name}/{branch}" for name in trusted for branch in BRANCHES]
    return repo.refs(references) if references else []
