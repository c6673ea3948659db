"""Finds the command lines of a comment, and splits them into words.

A command is a line that a reader sees as ordinary text and that begins with the command's word.
Lines in quotes (lazy continuation lines included), lists, tables, footnotes, code, details, and all
that HTML hides do not count.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from bot.events.comments.rendered import MAX_DEPTH, Line, TooDeep, visible_lines
from bot.events.comments.words import narrow, seen, straight_quotes
from bot.github.values import MAX_BODY_CHARACTERS
from core.errors import InputError

COMMAND = "/rebench"
MAX_LINE_CHARACTERS = 1_000
MAX_COMMANDS = 10
IN_MARKUP = "the command is emphasised, a link, or within HTML"

_STARTS_COMMAND = re.compile(
    rf"{COMMAND}(?![a-z0-9_/]|[-.][a-z0-9_])[.,;:!?…]*", re.IGNORECASE | re.ASCII
)
"""Not a longer word or a path, such as ``/rebench.py``; punctuation after it means nothing."""


@dataclass(frozen=True)
class CommandLine:
    """A line that starts with ``/rebench``, without surrounding white space. ``problem`` says why
    none of it can be read.
    """

    text: str
    problem: str | None = None

    def words(self) -> tuple[str, ...]:
        """The words after ``/rebench``, split at spaces outside quotation marks; raises
        InputError.
        """
        if self.problem is not None:
            hint = "write the command as plain text, on a line of its own"
            raise InputError(self.problem, hint=hint)
        if len(self.text) > MAX_LINE_CHARACTERS:
            problem = f"the line is longer than {MAX_LINE_CHARACTERS} characters"
            raise InputError(problem, hint="shorten the line")
        start = _STARTS_COMMAND.match(narrow(self.text))
        lexer = shlex.shlex(straight_quotes(self.text[start.end() if start else 0 :]), posix=True)
        lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
        try:
            return tuple(lexer)
        except ValueError as error:
            problem = "a quotation mark is not closed"
            raise InputError(problem, hint='write --reason "…"') from error


def find_commands(body: str) -> list[CommandLine]:
    """The first ``MAX_COMMANDS`` + 1 command lines of a comment (the last is one too many). A body
    that nests too deep gives one that says so.
    """
    if len(body) > MAX_BODY_CHARACTERS:
        return []
    try:
        lines = [_read(line) for line in visible_lines(body)]
    except TooDeep:
        if COMMAND.strip("/") not in body.casefold():
            return []
        return [CommandLine(COMMAND, f"the comment nests more than {MAX_DEPTH} elements")]
    commands = [line for line in lines if _STARTS_COMMAND.match(narrow(line.text))]
    return commands[: MAX_COMMANDS + 1]


def _read(line: Line) -> CommandLine:
    return CommandLine(seen(line.text), None if line.plain else IN_MARKUP)
