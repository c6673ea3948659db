"""Comment commands: one module each; adding one means a module and a line here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.events.comments import accept, cancel, compare, run, status, usage
from bot.events.comments.accept import Accept
from bot.events.comments.base import CommandOutcome, CommentCommand, Facts, ValidNames
from bot.events.comments.cancel import Cancel
from bot.events.comments.compare import Compare
from bot.events.comments.grammar import MAX_COMMANDS, CommandLine, find_commands
from bot.events.comments.run import Run
from bot.events.comments.status import Status
from bot.events.comments.usage import Help
from core.errors import InputError

VERBS: dict[str, CommentCommand] = {
    "status": status,
    "cancel": cancel,
    "help": usage,
    "accept": accept,
    "compare": compare,
}
"""By first word; anything else is what ``run`` is to measure."""

Command = Run | Accept | Compare | Cancel | Status | Help


_MODULES: dict[type, CommentCommand] = {
    Run: run,
    Accept: accept,
    Compare: compare,
    Cancel: cancel,
    Status: status,
    Help: usage,
}


@dataclass(frozen=True)
class Parsed:
    """A command line with what it means, or what is wrong with it."""

    line: CommandLine
    meaning: Command | InputError


def parse_comment(body: str, known: ValidNames) -> Iterator[Parsed]:
    """Every command of a comment; a wrong one does not keep the others from being carried out."""
    for index, line in enumerate(find_commands(body)):
        if index == MAX_COMMANDS:
            too_many = InputError(f"more than {MAX_COMMANDS} commands in one comment")
            yield Parsed(line, too_many)
            return
        yield Parsed(line, _parse(line, known))


def carry_out(command: Command, facts: Facts) -> CommandOutcome:
    """What the command leads to; raises InputError if it may not be carried out."""
    return _MODULES[type(command)].carry_out(command, facts)


def _parse(line: CommandLine, known: ValidNames) -> Command | InputError:
    try:
        words = line.words()
        if words and words[0] in VERBS:
            parsed: Command = VERBS[words[0]].parse(words[1:], known)
        else:
            parsed = run.parse(words, known)
    except InputError as error:
        return error
    return parsed
