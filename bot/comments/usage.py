"""``/rebench help``: lists the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Facts, Known, Outcome, refuse_words

USAGE = "/rebench help"
SUMMARY = "list the commands"


@dataclass(frozen=True)
class Help:
    """Takes no words."""


def parse(words: Sequence[str], known: Known) -> Help:
    """Raises InputError for any word after ``help``."""
    del known
    refuse_words(words, USAGE)
    return Help()


def carry_out(command: Help, facts: Facts) -> Outcome:
    """Every answer to a wrong command lists the commands; so does this."""
    del command, facts
    return Outcome("these are the commands")
