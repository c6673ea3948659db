"""``/rebench cancel``: stops the active runs of this pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import CommandOutcome, Facts, ValidNames, refuse_words, require_write
from bot.github.actions import CancelRun

WORD = "cancel"
USAGE = "/rebench cancel"
SUMMARY = "stop the active runs of this pull request"


@dataclass(frozen=True)
class Cancel:
    """The command; it takes no words."""


def parse(words: Sequence[str], names: ValidNames) -> Cancel:
    """Raises InputError for any word after ``cancel``."""
    del names
    refuse_words(words, USAGE)
    return Cancel()


def carry_out(command: Cancel, facts: Facts) -> CommandOutcome:
    """Stops every active run of this pull request."""
    del command
    require_write(facts)
    if not facts.runs:
        return CommandOutcome("nothing is running")
    actions = tuple(CancelRun(run.id) for run in facts.runs)
    return CommandOutcome(f"stopping {_count(len(actions))}", actions=actions)


def _count(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs} runs"
