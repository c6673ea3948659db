"""The lines of a comment that a reader sees as ordinary text, as GitHub renders it.

GitHub's own parser (cmark-gfm) makes HTML of the Markdown, as on GitHub with line breaks kept. An
HTML5 parser then keeps the elements that GitHub allows, as GitHub does, so that what is hidden in
HTML comments or in elements that somebody left open is hidden here, too.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

MAX_DEPTH = 1_000
"""The HTML5 parser's work grows with the square of the depth: 20 s for a body full of ``>``."""
_OPTIONS = (
    Options.CMARK_OPT_HARDBREAKS
    | Options.CMARK_OPT_FOOTNOTES
    | Options.CMARK_OPT_UNSAFE
    | Options.CMARK_OPT_SOURCEPOS
)


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALLOWED = _names(
    """
    a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source
    span strike strong sub summary sup table tbody td tfoot th thead time tr tt ul var wbr
    """
)
"""The elements that GitHub keeps; of others it keeps the content."""
_VOID = frozenset(("br", "hr", "img", "source", "wbr"))
_INLINE = _names(
    """
    a abbr b bdo cite code del dfn em i img ins kbd mark picture q rp rt ruby s samp small source
    span strike strong sub sup time tt var wbr
    """
)
"""Elements within a line; all others begin and end one."""
_ORDINARY = _names("a b div em i ins mark p small span strong")
_PLAIN = _names("p")
"""Elements of text without markup of its own."""
"""Elements whose text speaks for the author; text in others is quoted, listed, or struck out."""
_UNDERLINED = ("h1", "h2")
"""Headings that a line of dashes may have made, as before a signature."""
_MARKS = {"em": "*", "strong": "**", "del": "~~"}
"""What the author wrote for an element within a line, as the stars of ``PP-*``."""
_OBJECT = "\ufffc"
_SPACES = re.compile(r"[ \t\n\f\r]+")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_LINES = re.compile(r"(\d+):\d+-(\d+):\d+")


@dataclass(frozen=True)
class Line:
    """A line that a reader sees; ``plain`` if it begins without emphasis, link or HTML."""

    text: str
    plain: bool = True


class TooDeep(Exception):
    """A body nests more than ``MAX_DEPTH`` elements."""


def visible_lines(body: str) -> list[Line]:
    """Lines of ordinary text, in order; raises TooDeep."""
    html = cmarkgfm.github_flavored_markdown_to_html(_encodable(body), _OPTIONS)
    if _depth(html) > MAX_DEPTH:
        raise TooDeep
    kept = {tag: {"data-sourcepos"} for tag in _UNDERLINED}
    reader = _Reader("*" if "*" in body else "_")
    reader.feed(nh3.clean(html, tags=set(_ALLOWED), attributes=kept, link_rel=None))
    reader.close()
    return reader.finish()


def _encodable(body: str) -> str:
    """The body without lone surrogates, which JSON may hold and UTF-8 may not."""
    return body.encode("utf-8", "replace").decode("utf-8")


def _depth(html: str) -> int:
    """How deep elements may nest: those that were begun and not ended, at most."""
    begun: Counter[str] = Counter()
    depth = deepest = 0
    for end, name in _TAG.findall(html):
        tag = name.lower()
        change = -1 if end else 1
        if begun[tag] + change >= 0 and tag not in _VOID:
            begun[tag] += change
            depth += change
            deepest = max(deepest, depth)
    return deepest


@dataclass
class _Element:
    tag: str
    underlined: bool
    mark: str

    @property
    def ordinary(self) -> bool:
        return self.underlined or self.tag in _ORDINARY

    @property
    def plain(self) -> bool:
        return self.underlined or self.tag in _PLAIN


@dataclass
class _Reader(HTMLParser):
    """Takes lines out of well-formed HTML. ``star`` is the character that emphasises."""

    star: str
    lines: list[Line] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    text: str = ""
    ordinary: bool = False
    plain: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def finish(self) -> list[Line]:
        """Every line, once all was fed."""
        self._end_line()
        return self.lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.handle_data(_OBJECT)
        elif tag == "br" or tag not in _INLINE:
            self._end_line()
        if tag not in _VOID:
            mark = _MARKS.get(tag, _OBJECT if tag in ("sub", "sup") else "") if self.text else ""
            mark = mark.replace("*", self.star)
            self.open.append(_Element(tag, _is_underlined(tag, attrs), mark))
            self.text += mark

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        self.text += self.open.pop().mark
        if tag not in _INLINE:
            self._end_line()

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if not self.text:
            text = text.lstrip(" ")
            self.ordinary = all(element.ordinary for element in self.open)
            self.plain = all(element.plain for element in self.open)
        self.text += text

    def _end_line(self) -> None:
        if self.text and self.ordinary:
            self.lines.append(Line(self.text.rstrip(" "), self.plain))
        self.text = ""


def _is_underlined(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    """Whether a heading stands on two lines or more, so that the last underlines the others."""
    match = _LINES.fullmatch(dict(attrs).get("data-sourcepos") or "")
    return tag in _UNDERLINED and match is not None and int(match[1]) < int(match[2])
