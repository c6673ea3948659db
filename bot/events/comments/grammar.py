"""Finds the command lines of a comment: the lines that a reader sees as plain text.

The body is parsed as CommonMark, as GitHub renders it. A command is a whole line of a paragraph at
the top level. Lines in quotes (lazy continuation lines included), lists, fences, indented code,
code spans, HTML and HTML comments do not count.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.github.values import MAX_BODY_CHARACTERS
from core.errors import InputError

COMMAND = "/rebench"
MAX_LINE_CHARACTERS = 1_000
MAX_COMMANDS = 10

_PLAIN_TEXT = ("escape", "entity", "emphasis", "link", "image", "autolink")
"""Inline rules that would change characters of a command, such as the stars of ``PP-*``."""
_PARSER = MarkdownIt("commonmark").disable(_PLAIN_TEXT)
_VOID_ELEMENTS = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track")
)
_STARTS_COMMAND = re.compile(rf"{COMMAND}(?=[ \t]|$)")
_CURLY_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})


@dataclass(frozen=True)
class CommandLine:
    """One line that starts with ``/rebench``, as written, without surrounding white space."""

    text: str

    def words(self) -> tuple[str, ...]:
        """The words after ``/rebench``, split as a shell would; raises InputError."""
        if len(self.text) > MAX_LINE_CHARACTERS:
            problem = f"the line is longer than {MAX_LINE_CHARACTERS} characters"
            raise InputError(problem, hint="shorten the line")
        try:
            words = shlex.split(self.text.translate(_CURLY_QUOTES))
        except ValueError as error:
            problem = "a quotation mark is not closed"
            raise InputError(problem, hint='write --reason "…"') from error
        return tuple(words[1:])


def find_commands(body: str) -> list[CommandLine]:
    """The first ``MAX_COMMANDS`` + 1 command lines of a comment (the last is one too many)."""
    if COMMAND not in body or len(body) > MAX_BODY_CHARACTERS:
        return []
    commands: list[CommandLine] = []
    for line in _plain_lines(body):
        if _STARTS_COMMAND.match(line):
            commands.append(CommandLine(line))
            if len(commands) > MAX_COMMANDS:
                break
    return commands


def _plain_lines(body: str) -> Iterator[str]:
    """Lines of top-level paragraphs that hold plain text only, outside HTML elements."""
    html = _OpenElements()
    tokens = _PARSER.parse(body)
    for opening, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        if token.type == "html_block":
            html.read(token.content)
        elif token.type == "inline":
            plain = opening.level == 0 and _is_paragraph(opening)
            yield from _lines_of_text(token.children or [], plain, html)


def _is_paragraph(opening: Token) -> bool:
    """Whether this opens a paragraph, or one that a line of dashes below it, as before a signature,
    turned into a heading.
    """
    underlined = opening.type == "heading_open" and opening.markup in ("-", "=")
    return opening.type == "paragraph_open" or underlined


def _lines_of_text(children: list[Token], plain: bool, html: _OpenElements) -> Iterator[str]:
    """Lines without inline markup; a line with a code span or HTML is left out."""
    line, is_text = "", not html
    for child in [*children, Token("softbreak", "br", 0)]:
        if child.type in ("softbreak", "hardbreak"):
            if plain and is_text:
                yield line.strip()
            line, is_text = "", not html
        elif child.type == "text":
            line += child.content
        else:
            is_text = False
            if child.type == "html_inline":
                html.read(child.content)


class _OpenElements(HTMLParser):
    """The HTML elements that are open, such as ``details``: true while there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def read(self, html: str) -> None:
        """Reads more HTML; if the parser gives up, an element is open that never ends."""
        try:
            self.feed(html)
        except AssertionError:
            self.names.append("")

    def __bool__(self) -> bool:
        return bool(self.names)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag not in _VOID_ELEMENTS:
            self.names.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)  # the slash means nothing in HTML

    def handle_endtag(self, tag: str) -> None:
        if tag in self.names:
            del self.names[len(self.names) - 1 - self.names[::-1].index(tag) :]
