"""``/rebench status``: says what runs for this pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Known, refuse_words

USAGE = "/rebench status"
SUMMARY = "say what is running and what was found so far"


@dataclass(frozen=True)
class Status:
    """Takes no words."""


def parse(words: Sequence[str], known: Known) -> Status:
    """Raises InputError for any word after ``status``."""
    del known
    refuse_words(words, USAGE)
    return Status()
