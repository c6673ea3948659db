"""The answer to a comment, as Markdown; everything that its author wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments import COMMANDS, ParsedCommand
from bot.events.comments.base import CommandOutcome
from bot.events.comments.usage import Help
from bot.text.escape import code, escape_markdown
from bot.text.templates import template_environment
from core.errors import InputError


@dataclass(frozen=True)
class Answer:
    """The answer to one command line; ``wrong`` if the command was not carried out."""

    line: str
    text: str
    wrong: bool
    choices: tuple[str, ...] = ()
    nearest: str | None = None
    hint: str | None = None


def answer(command: ParsedCommand, outcome: CommandOutcome | InputError) -> Answer:
    """The answer for a command's outcome, or for the error that stopped it."""
    if isinstance(outcome, CommandOutcome):
        return Answer(command.line.text, outcome.text, wrong=False)
    return Answer(
        line=command.line.text,
        text=outcome.message,
        wrong=True,
        choices=tuple(outcome.choices),
        nearest=outcome.nearest,
        hint=outcome.hint,
    )


def render_answers(answers: Sequence[Answer], commands: Sequence[ParsedCommand]) -> str:
    """One paragraph for each command; the list of commands after a mistake or ``help``."""
    environment = template_environment(autoescape=False)
    environment.filters.update(md=escape_markdown, code=code)
    return environment.get_template("answer.md.j2").render(
        answers=answers,
        usage=any(isinstance(command.meaning, (Help, InputError)) for command in commands),
        commands=COMMANDS,
    )
