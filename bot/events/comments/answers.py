"""The answer to a comment, as Markdown; every word of its author is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments import COMMANDS, Parsed
from bot.events.comments.base import CommandOutcome
from bot.events.comments.usage import Help
from bot.text.escape import code, escape_markdown
from bot.text.templates import template_environment
from core.errors import InputError


@dataclass(frozen=True)
class Answer:
    """What is said to one command line."""

    line: str
    text: str
    wrong: bool
    choices: tuple[str, ...] = ()
    nearest: str | None = None
    hint: str | None = None


def answer(parsed: Parsed, outcome: CommandOutcome | InputError) -> Answer:
    """What is said to a command that was carried out, or to one that was not."""
    if isinstance(outcome, CommandOutcome):
        return Answer(parsed.line.text, outcome.text, wrong=False)
    return Answer(
        line=parsed.line.text,
        text=outcome.message,
        wrong=True,
        choices=tuple(outcome.choices),
        nearest=outcome.nearest,
        hint=outcome.hint,
    )


def render_answers(answers: Sequence[Answer], parsed: Sequence[Parsed]) -> str:
    """One paragraph for each command; the list of commands if one was misspelt or asked for it."""
    environment = template_environment(autoescape=False)
    environment.filters.update(md=escape_markdown, code=code)
    asked = any(isinstance(one.meaning, Help) for one in parsed)
    return environment.get_template("answer.md.j2").render(
        answers=answers,
        usage=asked or any(isinstance(one.meaning, InputError) for one in parsed),
        commands=COMMANDS,
    )
