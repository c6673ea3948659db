"""Finds the lines of configs that a change replaced, for findings to point at. Pure.

Lines are counted as git counts them, by line feeds alone, and so are GitHub's annotations and
suggestions.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.plan.affected import Trees
from bot.plan.values import Affected, ChangedLine
from core.lines import split_lines

MAX_LINES = 200
MAX_LINE_CHARACTERS = 300
MAX_PAIRS = 1_000_000
"""Texts with more pairs of equal lines are not compared: time grows with this number."""


def changed_lines(trees: Trees, affected: list[Affected]) -> tuple[ChangedLine, ...]:
    """Lines of head that replace a line of base, in the changed files that affect a config."""
    files = sorted({reason.changed for item in affected for reason in item.reasons})
    return tuple(islice((line for file in files for line in _lines_of(trees, file)), MAX_LINES))


def _lines_of(trees: Trees, file: str) -> Iterator[ChangedLine]:
    old, new = trees.base.text(file), trees.head.text(file)
    if old is None or new is None:
        return
    for number, text, before in replaced_lines(old, new):
        if text.strip() != before.strip() and max(len(text), len(before)) <= MAX_LINE_CHARACTERS:
            yield ChangedLine(file=file, line=number, text=text, before=before)


def replaced_lines(old: str, new: str) -> Iterator[tuple[int, str, str]]:
    """Number (from 1), text and former text of each line that replaces exactly one other line. A
    carriage return at the end of a line belongs to the line's end.
    """
    before, after = ([line.removesuffix("\r") for line in split_lines(text)] for text in (old, new))
    start = _common_start(before, after)
    before, after = before[start:], after[start:]
    if _equal_pairs(before, after) > MAX_PAIRS:
        return
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "replace" and i_end - i == j_end - j:
            pairs = zip(after[j:j_end], before[i:i_end], strict=True)
            yield from ((start + j + k + 1, text, former) for k, (text, former) in enumerate(pairs))


def _common_start(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the start are equal."""
    pairs = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    return next((index for index, (old, new) in pairs if old != new), shorter)


def _equal_pairs(before: Sequence[str], after: Sequence[str]) -> int:
    counts = Counter(after)
    return sum(count * counts[line] for line, count in Counter(before).items())
