"""GitHub's limits on texts, and the one way to cut a text to them.

GitHub counts the bytes of UTF-8: a check's summary of fewer characters is refused with "exceeds a
maximum bytesize of 65535", and a comment is stored up to 262,144 bytes although the error speaks of
65,536 characters. The smaller number, in bytes, holds for comments by every way of counting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

MAX_COMMENT_BYTES = 65_536
MAX_SUMMARY_BYTES = 65_535
MAX_TITLE_BYTES = 255
"""Documented for the title of an annotation; that of a check is held to it, too."""
MAX_MESSAGE_BYTES = 4_000
"""Of an annotation. GitHub's limit is 64 KB, for each of up to 50 in one request."""

ELLIPSIS = "…"

Form = Callable[[], Iterable[str]]
"""One form of a text, in pieces."""

_TORN = re.compile(r"(?:&[#\w]{0,9}|<[^<>]{0,20})$")
"""An entity or a tag of ours that a cut left without its end."""


def size(text: str) -> int:
    """The bytes of the text as GitHub receives it."""
    return len(text.encode("utf-8", "surrogatepass"))


def fit(limit: int, forms: Sequence[Form]) -> str:
    """The first form of at most ``limit`` bytes; of the last form, which has to have a bounded
    size, as much as fits. A form is not made further than the limit, whatever its size.
    """
    texts = (_gather(form(), limit) for form in forms)
    fitting = next((text for text in texts if text is not None), None)
    return fitting if fitting is not None else cut("".join(forms[-1]()), limit)


def _gather(pieces: Iterable[str], limit: int) -> str | None:
    """The whole text; None if it is larger, without making the rest of it."""
    gathered, total = [], 0
    for piece in pieces:
        total += size(piece)
        if total > limit:
            return None
        gathered.append(piece)
    return "".join(gathered)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis: at most ``limit`` bytes, and no half of a
    character, entity or tag.
    """
    if size(text) <= limit:
        return text
    room = limit - size(ELLIPSIS)
    if room < 0:
        return ""
    begin = text.encode("utf-8", "surrogatepass")[:room].decode("utf-8", "ignore")
    return _TORN.sub("", begin) + ELLIPSIS
