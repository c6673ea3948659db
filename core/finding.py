"""A finding: what a rule has to say about a place, with the fix where there is one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.schema import StrictModel

Severity = Literal["error", "warning", "note"]


class Edit(StrictModel):
    """Replaces the characters from ``start`` up to ``end`` of the file's text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Finding(StrictModel):
    """``code`` is stable. ``line`` and ``column`` count from 1; ``key`` is the dotted path of the
    culprit. ``fix`` is the text that the line should be; ``edits`` mend the file without a doubt.
    """

    code: str = Field(pattern="^SG[0-9]{3}$")
    severity: Severity
    message: str
    file: str
    line: int | None = Field(None, ge=1)
    column: int | None = Field(None, ge=1)
    key: str | None = None
    fix: str | None = None
    edits: tuple[Edit, ...] = ()
