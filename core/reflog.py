"""What this clone's reflogs say of commits: which were made here, and from which others.

Git keeps reflogs for itself alone: no fetch and no clone transfers them.
"""

from __future__ import annotations

import re

from core.git import GitRepo
from core.git_history import CommitFacts, Move

COMMITTED = re.compile(r"commit( \((initial|merge)\))?: ")
"""Actions whose content the user gave. The parents of a merge are judged by themselves."""
AMENDED = re.compile(r"commit \(amend\): ")
"""Replaces the commit before the action; everything but the user's change is taken from it."""
COPIED = re.compile(
    r"cherry-pick: (?!fast-forward$)"
    r"|commit \((cherry-pick|rebase)\): "
    r"|(rebase|pull)[^(:]*\((?!start|finish)\w+\): "
)
"""Actions that copy commits, and keep the author that whoever made these wrote."""


def made_here(repo: GitRepo, user: str, wanted: frozenset[str]) -> frozenset[str]:
    """Commits that the user, by address, made in this clone; of copies, those in ``wanted`` at
    least.

    A commit counts if the user committed its content. An amended commit counts if what was amended
    does, and a copy if a commit that counts holds the same patch. A squash, a resolved conflict and
    a revert hold a patch of their own and do not count.
    """
    moves = repo.moves()
    facts = repo.commit_facts({move.new for move in moves})
    mine = {name for name, fact in facts.items() if fact.author == user}
    made = {move.new for move in moves if COMMITTED.match(move.action)} & mine
    amended = [move for move in moves if AMENDED.match(move.action) and move.new in mine]
    made = _with_amended(made, amended)
    if wanted <= made:
        return frozenset(made)
    copies = {move.new for move in moves if COPIED.match(move.action)} & mine
    patches = _patches(repo, facts, wanted)
    while True:
        known = {patches[name] for name in made if name in patches}
        same = {name for name in copies if patches.get(name) in known}
        grown = _with_amended(made | same, amended)
        if grown == made:
            return frozenset(made)
        made = grown


def _with_amended(made: set[str], amended: list[Move]) -> set[str]:
    """``made``, and what amendments of these became; an amendment follows what it amends."""
    grown = set(made)
    while True:
        more = {move.new for move in amended if move.old in grown} - grown
        if not more:
            return grown
        grown |= more


def _patches(
    repo: GitRepo, facts: dict[str, CommitFacts], wanted: frozenset[str]
) -> dict[str, bytes]:
    """Patches of the commits that were written when a wanted one was, which a copy keeps; those
    of merges are left out.
    """
    times = {facts[name].written_at for name in wanted if name in facts}
    names = [name for name, fact in facts.items() if fact.written_at in times and fact.parents < 2]
    return repo.patches(names)
