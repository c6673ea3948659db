"""``/rebench compare REV``: measures the head against a revision other than the base."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import CommandOutcome, Facts, ValidNames, require_head, require_write
from bot.plan.request import RunRequest
from core.errors import InputError

WORD = "compare"
USAGE = "/rebench compare REV [SHA]"
SUMMARY = "measure the head against another revision of this repository, for information"

_REVISION = re.compile(r"(?!.*(\.\.|@\{|//|\.lock(/|$)))[A-Za-z0-9_][A-Za-z0-9_./+-]{0,199}")


@dataclass(frozen=True)
class Compare:
    """``revision`` is a branch, a tag or a commit of the suite's repository. ``commit`` names the
    head, by at least 7 digits, if the author has reviewed the code of both.
    """

    revision: str
    commit: str | None = None


def parse(words: Sequence[str], names: ValidNames) -> Compare:
    """Reads the words after ``compare``; raises InputError."""
    del names
    if len(words) not in (1, 2):
        raise InputError("name one revision", hint=f"write {USAGE}")
    if not _REVISION.fullmatch(words[0]) or words[0].startswith(("refs/", "pull/")):
        raise InputError(
            f"not a revision: {words[0]!r}",
            hint="name a branch, a tag or a commit of this repository",
        )
    return Compare(*words)


def carry_out(command: Compare, facts: Facts) -> CommandOutcome:
    """Requests a run of the head against the revision."""
    require_write(facts)
    head, against = facts.pull.head_sha, facts.commits.get(command.revision)
    require_head(command.commit, facts, f"/rebench compare {command.revision}")
    if against is None:
        hint = "name a branch, a tag or a commit"
        raise InputError(f"this repository has no revision {command.revision!r}", hint=hint)
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
