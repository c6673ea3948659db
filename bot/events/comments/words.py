"""Words as people and their phones type them: other spaces, dashes, quotes and widths."""

from __future__ import annotations

import re
import unicodedata

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The letters and signs of ASCII as East Asian keyboards write them."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‘’‚‛′＇", "'"))
_LONG_DASHES = "‒–—―⸺⸻"
"""What a phone makes of two hyphens."""
_DASHES = re.compile(rf"[-‐‑−﹣{_LONG_DASHES}]")
_FIRST_DASHES = re.compile(rf"(?:{_DASHES.pattern})+")
_AT_THE_END = ".,;:!?…。、"
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the order of others around: a reader sees another text."""


def narrow(text: str) -> str:
    """The text with full-width letters and signs as ordinary ones."""
    return text.translate(_FULL_WIDTH)


def seen(text: str) -> str:
    """The text with ordinary spaces, and without characters that nobody sees."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)
    return "".join(c for c in spaced if c in _DIRECTIONS or unicodedata.category(c) != "Cf").strip(
        " "
    )


def straight_quotes(text: str) -> str:
    """The text with typographic quotation marks as those that enclose words."""
    return text.translate(_QUOTES)


def plain_word(word: str) -> str:
    """A word of a command in the characters that names and options consist of: ``—full`` is
    ``--full``.
    """
    narrowed = narrow(word).strip("`")
    first = _FIRST_DASHES.match(narrowed)
    if first is None:
        return _DASHES.sub("-", narrowed)
    long = any(dash in _LONG_DASHES for dash in first[0])
    return ("--" if long else "-" * len(first[0])) + _DASHES.sub("-", narrowed[first.end() :])


def without_end(word: str) -> str:
    """The word without the punctuation at its end."""
    return word.rstrip(_AT_THE_END)
