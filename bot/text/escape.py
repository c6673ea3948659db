"""The only way for untrusted text into Markdown."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"[\\`*_\[\]#!|<>~@$&:]|GH(?=-\d)|www(?=\.)", re.IGNORECASE)
_BREAK = "&#8203;"
"""A zero-width space. GitHub looks for mentions and references after rendering, so that an
entity alone does not hide them."""
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


def visible(text: str, keep: str = "") -> str:
    """The text without control, format, private and unassigned characters, except ``keep``."""
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in _INVISIBLE)


def escape_markdown(text: object, limit: int = 300) -> str:
    """Text that renders as itself: no markup, mention, reference, link, HTML or hidden character.

    Every special character becomes a numeric entity, mentions and references are broken by an
    invisible space, line breaks become spaces, and control, format (bidirectional, zero-width)
    and private characters vanish.
    """
    flat = " ".join(str(text).split())
    line = visible(flat)
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return _SPECIAL.sub(_neutralise, line)


def _neutralise(match: re.Match[str]) -> str:
    special = match.group(0)
    if len(special) > 1:
        return special + _BREAK
    return f"&#{ord(special)};" + (_BREAK if special in "@#" else "")


def fence(text: str, limit: int = 3000) -> str:
    """A code block of the last ``limit`` characters, with a fence longer than any inside."""
    body = visible(text[-limit:], keep="\n\t")
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    bars = "`" * max(3, longest + 1)
    return f"{bars}text\n{body}\n{bars}"


def code(text: object, limit: int = 200) -> str:
    """Untrusted text as inline code; an HTML element, because backticks cannot be escaped."""
    return f"<code>{escape_markdown(text, limit)}</code>"
