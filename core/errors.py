"""The errors that a user can meet, apart from bugs: wrong input and a failed job."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

EXIT_OK, EXIT_GATE, EXIT_INPUT, EXIT_INCOMPLETE, EXIT_BUG = 0, 1, 2, 3, 70


ErrorCode = Literal["input", "not-a-mapping"]
"""Tells errors apart in code; messages are for people and may change."""


@dataclass
class InputError(Exception):
    """Input that a person must correct: what is wrong, where, the valid choices, the next step.

    ``given`` is the wrong value; ``nearest`` is the choice most similar to it.
    """

    message: str
    file: str | None = None
    key: str | None = None
    given: str | None = None
    choices: Sequence[str] = ()
    hint: str | None = None
    code: ErrorCode = "input"

    @property
    def nearest(self) -> str | None:
        """The choice that is most similar to ``given``, ignoring case; None if none is similar."""
        lowered = {choice.casefold(): choice for choice in self.choices}
        matches = difflib.get_close_matches(str(self.given or "").casefold(), lowered, n=1)
        return lowered[matches[0]] if matches else None

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


FailureKind = Literal["error", "signal", "timeout", "limit"]


@dataclass
class JobFailure(Exception):
    """A stage of a job that failed; it becomes a row of the report, not a crash.

    ``stage`` is fetch, input, export, compress, accuracy, latency or proof; ``log_tail`` is the end
    of the worker's output, at most a few thousand characters, untrusted.
    """

    stage: str
    kind: FailureKind
    message: str
    log_tail: str = ""

    def __str__(self) -> str:
        return f"{self.stage}: {self.message}"
