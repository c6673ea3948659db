"""The errors that a user can meet, apart from bugs: wrong input and a failed job."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

EXIT_OK, EXIT_GATE, EXIT_INPUT, EXIT_INCOMPLETE, EXIT_BUG = 0, 1, 2, 3, 70


MAX_SHOWN, MAX_LOOKED_UP, MAX_TEXT = 60, 100, 1000
"""Characters of a quoted value, of a value whose nearest choice is looked up, and of a message, key
or hint: an error is repeated for every config that inherits from the file that it is about.
"""

ErrorCode = Literal["input", "not-a-mapping", "not-plain"]
"""Tells errors apart in code; messages are for people and may change. YAML that others can read and
slimgate does not, such as that with tags, is not plain."""


@dataclass
class InputError(Exception):
    """Input that a person must correct: what is wrong, where, the valid choices, the next step.

    ``given`` is the wrong value; ``nearest`` is the choice most similar to it. ``place`` is a line
    and a column of the file, from 1; the message has them, too.
    """

    message: str
    file: str | None = None
    key: str | None = None
    given: str | None = None
    choices: Sequence[str] = ()
    hint: str | None = None
    code: ErrorCode = "input"
    place: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.message = shorten(self.message, MAX_TEXT)
        self.key = self.key if self.key is None else shorten(self.key, MAX_TEXT)
        self.hint = self.hint if self.hint is None else shorten(self.hint, MAX_TEXT)

    @property
    def nearest(self) -> str | None:
        """The choice that is most similar to ``given``, ignoring case; None if none is similar, or
        if ``given`` is too long for a slip of the keyboard.
        """
        given = str(self.given or "")
        return _nearest(given, tuple(self.choices)) if len(given) <= MAX_LOOKED_UP else None

    def __str__(self) -> str:
        lines = [self.message]
        if self.file is not None:
            lines.append(f"  file:    {self.file}")
        if self.key is not None:
            lines.append(f"  key:     {self.key}")
        if self.choices:
            lines.append(f"  choices: {', '.join(self.choices)}")
        if self.nearest is not None:
            lines.append(f"  nearest: {self.nearest}")
        if self.hint is not None:
            lines.append(f"  next:    {self.hint}")
        return "\n".join(lines)


def shown(value: object) -> str:
    """A value as an error quotes it: as Python writes it, a long one without its middle."""
    return shorten(repr(value), MAX_SHOWN)


def shorten(text: str, limit: int) -> str:
    """The text with an ellipsis in place of its middle if it has more characters than ``limit``."""
    if len(text) <= limit:
        return text
    end = limit // 4
    return f"{text[: limit - end - 1]}…{text[-end:]}"


@functools.lru_cache(maxsize=256)
def _nearest(given: str, choices: tuple[str, ...]) -> str | None:
    """The choice that is most similar to ``given``, ignoring case; None if none is similar."""
    lowered = {choice.casefold(): choice for choice in choices}
    matches = difflib.get_close_matches(given.casefold(), lowered, n=1)
    return lowered[matches[0]] if matches else None


FailureKind = Literal["error", "signal", "timeout", "limit"]


@dataclass
class JobFailure(Exception):
    """A stage of a job that failed; it becomes a row of the report, not a crash.

    ``stage`` is fetch, input, export, compress, ranges, load, build, proof, accuracy or latency,
    among others; ``log_tail`` is the end of the worker's output, at most a few thousand characters,
    untrusted.
    """

    stage: str
    kind: FailureKind
    message: str
    log_tail: str = ""

    def __str__(self) -> str:
        return f"{self.stage}: {self.message}"
