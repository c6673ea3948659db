"""What a rule reports about one place in a file, with a fix if there is one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.quantities import Line, Offset
from core.schema import StrictModel

Severity = Literal["error", "warning", "note"]


class Edit(StrictModel):
    """Replaces the characters from ``start`` up to ``end`` of the file's text."""

    start: Offset
    end: Offset
    text: str


class Finding(StrictModel):
    """``code`` is stable. ``line`` and ``column`` count from 1; ``key`` is the dotted path of the
    key at fault. ``fix`` is the corrected text of the line; ``edits`` are safe to apply.
    """

    code: str = Field(pattern="^SG[0-9]{3}$")
    severity: Severity
    message: str
    file: str
    line: Line | None = None
    column: Line | None = None
    key: str | None = None
    fix: str | None = None
    edits: tuple[Edit, ...] = ()
