"""Tells simple YAML texts by their lines, most of all configs: what is certain of them needs no
parser, each of which takes milliseconds.
"""

from __future__ import annotations

import functools
import re

MAX_LINE = 500
"""Characters. A key that ends later is read as no key."""
_WORD = r"(?:[A-Za-z0-9_.+/]|-[0-9.])[A-Za-z0-9_.+/@=-]*|~"
_QUOTED = r"""'[^'"#:\\\[\]{}]*'|"[^'"#:\\\[\]{}]*\""""
_PIECE = rf"(?:{_WORD}|{_QUOTED})(?=[\[\]{{}},: ]|$)"
_COLON = r" *:(?= |$)"
_NAME = "[A-Za-z_][A-Za-z0-9_]{0,99}"
_MARK = rf"[!&]{_NAME}(?= |$)|\*{_NAME}(?=[\]}}, ]|$)"
_PIECES = rf"(?:[\[\]{{}}, ]|{_PIECE}(?:{_COLON})?|{_MARK})*"
_ADDRESS = rf"(?:{_PIECE}{_COLON} +)?https?://[A-Za-z0-9_./-]+"
_LINE = re.compile(rf" *(?:- +)*(?:{_ADDRESS}|-|{_PIECES})(?: +#.*)?| *#.*")
"""Words, addresses, plain quotes, tags, anchors, lists and mappings, and a comment."""
_DOCUMENT = ("---", "...")
_OPENING, _CLOSING, _COMMENT = "[{", "]}", " #"


@functools.lru_cache(maxsize=4096)
def bracket_depth(text: str) -> int | None:
    """How deep lists and mappings in brackets lie within one another; None if the text is not
    simple. Simple lines are ASCII without tabs, escapes, blocks of text and directives, and have a
    colon only behind a key, or in an address outside of brackets.
    """
    if not text.isascii() or "\t" in text or "\r" in text:
        return None
    depth = deepest = 0
    for line in text.split("\n"):
        if len(line) > MAX_LINE or line.startswith(_DOCUMENT) or not _LINE.fullmatch(line):
            return None
        if depth and "://" in line:
            return None
        if "[" in line or "{" in line or "]" in line or "}" in line:
            content = f" {line}".partition(_COMMENT)[0]
            opened = sum(map(content.count, _OPENING))
            deepest = max(deepest, depth + opened)
            depth += opened - sum(map(content.count, _CLOSING))
    return deepest
