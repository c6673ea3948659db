"""A finding: what a rule has to say about a place, with the fix where there is one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from compress.schema import StrictModel

Severity = Literal["error", "warning", "note"]


class Finding(StrictModel):
    """``code`` is stable. ``line`` counts from 1; ``fix`` is the text that the line should be."""

    code: str = Field(pattern="^SG[0-9]{3}$")
    severity: Severity
    message: str
    file: str
    line: int | None = Field(None, ge=1)
    fix: str | None = None
