"""``/rebench status``: reports the active runs of this pull request and the check on its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import CommandOutcome, Facts, ValidNames, refuse_words

WORD = "status"
USAGE = "/rebench status"
SUMMARY = "report the active runs and the check on the head"


@dataclass(frozen=True)
class Status:
    """The command; it takes no words."""


def parse(words: Sequence[str], names: ValidNames) -> Status:
    """Raises InputError for any word after ``status``."""
    del names
    refuse_words(words, USAGE)
    return Status()


def carry_out(command: Status, facts: Facts) -> CommandOutcome:
    """Reports the active runs and our check on the head."""
    del command
    running = ", ".join(f"{run.status}: {run.url}" for run in facts.runs) or "nothing is running"
    head = facts.pull.head_sha[:12]
    if facts.check is None:
        return CommandOutcome(f"{running}; {head} has no check yet")
    state = facts.check.conclusion or "in progress"
    return CommandOutcome(f"{running}; the check on {head}: {state}, {facts.check.title}")
