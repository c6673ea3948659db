"""``/rebench help``: lists the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import CommandOutcome, Facts, ValidNames, refuse_words

WORD = "help"
USAGE = "/rebench help"
SUMMARY = "list the commands"


@dataclass(frozen=True)
class Help:
    """The command; it takes no words."""


def parse(words: Sequence[str], names: ValidNames) -> Help:
    """Raises InputError for any word after ``help``."""
    del names
    refuse_words(words, USAGE)
    return Help()


def carry_out(command: Help, facts: Facts) -> CommandOutcome:
    """A heading only: ``render_answers`` adds the list, as it does after a mistake."""
    del command, facts
    return CommandOutcome("these are the commands")
