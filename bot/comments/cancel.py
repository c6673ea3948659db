"""``/rebench cancel``: stops what runs for this pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Known, refuse_words

USAGE = "/rebench cancel"
SUMMARY = "stop what is running for this pull request"


@dataclass(frozen=True)
class Cancel:
    """Takes no words."""


def parse(words: Sequence[str], known: Known) -> Cancel:
    """Raises InputError for any word after ``cancel``."""
    del known
    refuse_words(words, USAGE)
    return Cancel()
