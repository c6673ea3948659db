"""The answer to a comment, as Markdown; everything that its author wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.events.comments import COMMANDS, ParsedCommand
from bot.events.comments.base import CommandError, CommandOutcome
from bot.events.comments.usage import Help
from bot.text.escape import code, escape_markdown, fence
from bot.text.limits import MAX_COMMENT_BYTES, fit
from bot.text.templates import template_environment
from core.errors import InputError

MAX_BYTES = MAX_COMMENT_BYTES - 1000
"""Leaves room for the comment's marker and banner."""
DETAIL = ((40, 350), (10, 350), (0, 350), (0, 100), (0, 40))
"""How many choices are listed, and how many characters of a command are quoted; of other texts
twice as many. The last fits whatever the commands say.
"""


@dataclass(frozen=True)
class Answer:
    """The answer to one command line; ``wrong`` if the command was not carried out."""

    line: str
    text: str
    wrong: bool
    choices: tuple[str, ...] = ()
    nearest: str | None = None
    hint: str | None = None
    command: str | None = None


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
        command=outcome.command if isinstance(outcome, CommandError) else None,
    )


def render_answers(answers: Sequence[Answer], commands: Sequence[ParsedCommand]) -> str:
    """One paragraph for each command; the list of commands after a mistake or ``help``. Where that
    is too much for a comment, fewer choices are listed, then none, then every text is shortened.
    """
    environment = template_environment(autoescape=False)
    environment.filters.update(md=escape_markdown, code=code, fence=fence)
    render = partial(
        environment.get_template("answer.md.j2").generate,
        answers=answers,
        usage=any(isinstance(command.meaning, (Help, InputError)) for command in commands),
        commands=COMMANDS,
    )
    forms = [partial(render, choices=choices, room=room) for choices, room in DETAIL]
    return fit(MAX_BYTES, forms)
