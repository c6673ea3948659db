"""Finds the lines of configs that a change replaced, for findings to point at. Pure.

Lines are counted as git counts them, by line feeds alone, and so are GitHub's annotations and
suggestions.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.plan.trees import Trees
from bot.plan.values import Affected, ChangedLine
from core.lines import split_lines

MAX_LINES = 200
MAX_LINE_CHARACTERS = 300
MAX_STEPS = 30_000_000
"""Of comparing all files of a change, which take a few seconds; a file that would take more than is
left is not compared."""


@dataclass(frozen=True)
class Difference:
    """The lines from the first to the last that differ, after ``start`` equal ones."""

    start: int
    before: Sequence[str]
    after: Sequence[str]

    @property
    def steps(self) -> int:
        """How many steps comparing takes at worst: difflib looks for each block of equal lines in
        all lines that are left, and in all pairs of equal ones.
        """
        old, new = Counter(self.before), Counter(self.after)
        pairs = sum(count * new[line] for line, count in old.items())
        return ((old & new).total() + 1) * (len(self.before) + pairs)

    def replaced(self) -> Iterator[tuple[int, str, str]]:
        """Number (from 1), text and former text of each line that replaces exactly one other."""
        matcher = difflib.SequenceMatcher(None, self.before, self.after, autojunk=False)
        for kind, i, i_end, j, j_end in matcher.get_opcodes():
            if kind == "replace" and i_end - i == j_end - j:
                pairs = zip(self.after[j:j_end], self.before[i:i_end], strict=True)
                for number, (text, former) in enumerate(pairs, self.start + j + 1):
                    yield number, text, former


def changed_lines(trees: Trees, affected: list[Affected]) -> tuple[ChangedLine, ...]:
    """Lines of head that replace a line of base, in the changed files that affect a config."""
    files = sorted({reason.changed for item in affected for reason in item.reasons})
    return tuple(islice(_lines(trees, files), MAX_LINES))


def _lines(trees: Trees, files: Sequence[str]) -> Iterator[ChangedLine]:
    room = MAX_STEPS
    for file in files:
        old, new = trees.base.text(file), trees.head.text(file)
        if old is None or new is None:
            continue
        difference = find_difference(old, new)
        steps = difference.steps
        if steps <= room:
            room -= steps
            yield from _lines_of(file, difference)


def _lines_of(file: str, difference: Difference) -> Iterator[ChangedLine]:
    for number, text, before in difference.replaced():
        if text.strip() != before.strip() and max(len(text), len(before)) <= MAX_LINE_CHARACTERS:
            yield ChangedLine(file=file, line=number, text=text, before=before)


def find_difference(old: str, new: str) -> Difference:
    """What differs between two texts. A carriage return at the end of a line belongs to the line's
    end.
    """
    before, after = ([line.removesuffix("\r") for line in split_lines(text)] for text in (old, new))
    start = _common_start(before, after)
    before, after = before[start:], after[start:]
    end = _common_start(before[::-1], after[::-1])
    return Difference(start, before[: len(before) - end], after[: len(after) - end])


def _common_start(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the start are equal."""
    pairs = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    return next((index for index, (old, new) in pairs if old != new), shorter)
