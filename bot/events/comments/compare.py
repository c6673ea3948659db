"""``/rebench compare REV``: measures the head against a revision other than the base."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import (
    DIGITS,
    CommandOutcome,
    Facts,
    ValidNames,
    read_commit,
    require_full,
    require_head,
    require_write,
)
from bot.events.comments.words import plain_word, without_end
from bot.plan.request import RunRequest
from core.errors import InputError

WORD = "compare"
USAGE = "/rebench compare REV [SHA]"
SUMMARY = "measure the head against another revision of this repository, for information"

_FULL_COMMIT = re.compile(rf"[0-9a-fA-F]{{{DIGITS}}}")
_REVISION = re.compile(r"(?!.*(\.\.|@\{|//|\.lock(/|$)))[A-Za-z0-9_][A-Za-z0-9_./+-]{0,199}")


@dataclass(frozen=True)
class Compare:
    """``revision`` is a branch, a tag or a commit of the suite's repository. ``commit`` names the
    head in full if the author has reviewed the code of both.
    """

    revision: str
    commit: str | None = None


def parse(words: Sequence[str], names: ValidNames) -> Compare:
    """Reads the words after ``compare``; raises InputError."""
    del names
    plain = [without_end(plain_word(word)) for word in words]
    plain = [word for word in plain if word]
    if len(plain) not in (1, 2):
        raise InputError("name one revision", hint=f"write {USAGE}")
    revision, *commits = plain
    if not _REVISION.fullmatch(revision) or revision.startswith(("refs/", "pull/")):
        raise InputError(
            f"not a revision: {revision!r}",
            hint="name a branch, a tag or a commit of this repository",
        )
    if commits and read_commit(commits[0]) is None:
        hint = f"name the head of this pull request by its {DIGITS} digits"
        raise InputError(f"not a commit: {commits[0]!r}", hint=hint)
    full = _FULL_COMMIT.fullmatch(revision)
    return Compare(revision.lower() if full else revision, *map(read_commit, commits))


def carry_out(command: Compare, facts: Facts) -> CommandOutcome:
    """Requests a run of the head against the revision."""
    require_write(facts)
    head, against = facts.pull.head_sha, facts.commits.get(command.revision)
    require_head(command.commit, facts, f"/rebench compare {command.revision} {{commit}}")
    if against is None:
        hint = "name a branch, a tag or a commit"
        raise InputError(f"this repository has no revision {command.revision!r}", hint=hint)
    reviewed = f" {command.commit}" if command.commit else ""
    require_full(command.revision.lower(), against, f"/rebench compare {{commit}}{reviewed}")
    request = RunRequest(
        origin="command",
        number=facts.pull.number,
        base=facts.pull.base_ref,
        head=head,
        base_commit=against,
        against=command.revision,
        reviewed=command.commit is not None,
    )
    return CommandOutcome(f"comparing {head[:12]} with {command.revision}", request)
