"""The only way for untrusted text into Markdown, Mermaid, and the log of a GitHub runner."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"[\\`*_\[\]#!|<>~@$&:]|GH(?=-\d)|www(?=\.)", re.IGNORECASE)
_COMMIT = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{40}(?![0-9a-zA-Z])")
_BREAK = "&#8203;"
"""A zero-width space. GitHub looks for mentions and references after rendering, so that an
entity alone does not hide them."""
_PAIR = re.compile(r":(?=:)")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_SEPARATORS = {"Zl", "Zp"}
_DRAWABLE = " .,-_@()+/"
"""What a title of a chart may hold besides letters and digits. Mermaid has no escapes for the rest:
quotes and line breaks end a title, and ``%%{`` begins settings even inside one."""


def visible(text: str, keep: str = "") -> str:
    """The text without control, format, private and unassigned characters, except ``keep``; with
    spaces in place of U+2028 and U+2029, which are line breaks to some readers.
    """
    if text.isprintable():  # the usual case, and fast
        return text
    return "".join(c if c in keep else _shown(c) for c in text)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SEPARATORS:
        return " "
    return "" if category in _INVISIBLE else character


def one_line(text: object) -> str:
    """The visible characters on one line, with one space for each stretch of white space."""
    flat = visible(" ".join(str(text).split()))
    return " ".join(flat.split())  # again: hidden characters may have stood between spaces


def escape_markdown(text: object, limit: int = 300) -> str:
    """Text that renders as itself: no markup, mention, reference, link, HTML or hidden character.

    Every special character becomes a numeric entity, mentions and references are broken by an
    invisible space, line breaks become spaces, and control, format (bidirectional, zero-width)
    and private characters vanish. The name of a commit becomes inline code: elsewhere, GitHub cuts
    it to seven digits.
    """
    return _COMMIT.sub(r"<code>\g<0></code>", _escape(text, limit))


def _escape(text: object, limit: int) -> str:
    line = one_line(text)
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
    return f"<code>{_escape(text, limit)}</code>"


def chart_text(text: object, limit: int = 80) -> str:
    """Untrusted text within the quotes of a Mermaid chart; other characters become ``·``."""
    line = one_line(text)
    drawn = "".join(c if c.isalnum() or c in _DRAWABLE else "·" for c in line)
    return drawn if len(drawn) <= limit else drawn[: limit - 1] + "…"


def log_text(text: str, keep: str = "\n") -> str:
    """Untrusted text for a log, without control characters and without workflow commands of GitHub
    runners: ``::`` at the start of a line, which a table may break anywhere, and ``##[`` anywhere.
    """
    return _PAIR.sub(": ", visible(text, keep)).replace("##[", "# #[")


def annotation(level: str, message: str, **properties: object) -> str:
    """A workflow command of GitHub runners that annotates a file or the run with plain text;
    ``level`` is error, warning or notice.
    """
    fields = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level}{' ' if fields else ''}{fields}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
