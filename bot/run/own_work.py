"""Decides whether code runs in a sandbox on a person's machine: unless all of it is their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.authorship import Stranger, find_stranger
from core.git import GitRepo

SHOWN = 60


@dataclass(frozen=True)
class Authorship:
    """Whose commits are in a clone. ``base``: trusted if the clone has no remotes;
    ``repositories``: remotes of these, as ``owner/name`` on GitHub, are trusted.
    """

    repo: GitRepo
    base: str | None = None
    repositories: tuple[str, ...] = ()

    def is_own(self, commit: str) -> bool:
        """Whether everything in the commit's history is trusted or was made here by the user."""
        return self._stranger((commit,)) is None

    def change_of(self, commit: str, suite: str) -> str | None:
        """The name under which what is made from the commit is kept apart; None if it is own."""
        return None if self.is_own(commit) else f"{suite}-{commit}"

    def is_confined(
        self, choice: bool | None, tips: tuple[str, ...], say: Callable[[str], None]
    ) -> bool:
        """Whether the commits ``tips`` run in a sandbox: as the user chose, else if somebody else
        made anything in them, which is said.
        """
        if choice is not None:
            return choice
        stranger = self._stranger(tips)
        if stranger is None:
            return False
        address = "".join(c for c in stranger.address if c.isprintable())[:SHOWN] or "unknown"
        say(
            f"in a sandbox: {stranger.commit[:12]} by {address} was not made here by you "
            "(--no-sandbox runs it without)"
        )
        return True

    def _stranger(self, tips: tuple[str, ...]) -> Stranger | None:
        return find_stranger(self.repo, tips, self.base, self.repositories)
