"""Comment commands, one module each. To add one: its module and its name here.

A module satisfies ``bot.events.comments.base.CommentCommand``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from bot.events.comments.base import CommandOutcome, CommentCommand, Facts, ValidNames
from bot.events.comments.grammar import MAX_COMMANDS, CommandLine, find_commands
from bot.events.comments.words import plain_word, without_end
from core.errors import InputError

NAMES = (
    "run",
    "status",
    "cancel",
    "usage",
    "accept",
    "compare",
)

COMMANDS = tuple(
    cast("CommentCommand", importlib.import_module(f"{__name__}.{name}")) for name in NAMES
)
DEFAULT = next(command for command in COMMANDS if command.WORD is None)
"""The command of a line that starts with no command's word."""


@dataclass(frozen=True)
class ParsedCommand:
    """A command line with its meaning in the command's own type, or with the error in it."""

    line: CommandLine
    command: CommentCommand
    meaning: Any


def parse_comment(body: str, names: ValidNames) -> Iterator[ParsedCommand]:
    """Every command of a comment; an error in one does not stop the others."""
    for index, line in enumerate(find_commands(body)):
        if index == MAX_COMMANDS:
            problem = f"more than {MAX_COMMANDS} commands in one comment"
            too_many = InputError(problem, hint="put the others into another comment")
            yield ParsedCommand(line, DEFAULT, too_many)
            return
        yield _parse(line, names)


def carry_out(parsed: ParsedCommand, facts: Facts) -> CommandOutcome:
    """The outcome of a command; raises InputError if it has an error or is refused."""
    if isinstance(parsed.meaning, InputError):
        raise parsed.meaning
    return parsed.command.carry_out(parsed.meaning, facts)


def _parse(line: CommandLine, names: ValidNames) -> ParsedCommand:
    command = DEFAULT
    try:
        words = line.words()
        by_word = {command.WORD: command for command in COMMANDS}
        verb = without_end(plain_word(words[0])).casefold() if words else None
        if verb in by_word and words:
            command = by_word[verb]
            words = words[1:]
        return ParsedCommand(line, command, command.parse(words, names))
    except InputError as error:
        return ParsedCommand(line, command, error)
