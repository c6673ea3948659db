"""Texts and lists of a bounded size, as types of fields of what runners hand over.

Names are refused beyond their size, which real ones never reach. What people read is cut, also
where it is written, so that an honest measurement with a long message is no lost one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

ELLIPSIS = "…"
MAX_REMARKS, MAX_NAMES = 50, 1000


def cut_text(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis: at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def _beginning(limit: int) -> Callable[[str], str]:
    return lambda text: cut_text(text, limit)


def _end(limit: int) -> Callable[[str], str]:
    return lambda text: text if len(text) <= limit else ELLIPSIS + text[1 - limit :]


def _first(limit: int) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """The first texts, with the number of those that were left out as the last one."""

    def cut_list(texts: tuple[str, ...]) -> tuple[str, ...]:
        if len(texts) <= limit:
            return texts
        return (*texts[: limit - 1], f"{ELLIPSIS} and {len(texts) - limit + 1} more")

    return cut_list


Name = Annotated[str, Field(max_length=400)]
"""Of a machine, version, method, stage or op type: refused if it is longer."""
FilePath = Annotated[str, Field(max_length=4096)]
"""As long as Linux takes."""
Names = Annotated[tuple[Name, ...], Field(max_length=MAX_NAMES)]
Remark = Annotated[str, AfterValidator(_beginning(500))]
"""A sentence or two."""
Remarks = Annotated[tuple[Remark, ...], AfterValidator(_first(MAX_REMARKS))]
Message = Annotated[str, AfterValidator(_beginning(2000))]
"""What an error says."""
LogTail = Annotated[str, AfterValidator(_end(4000))]
"""The end of a log; workers' are of 3000 characters."""
