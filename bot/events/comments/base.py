"""The interface of a comment command, and the checks that commands share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.github.actions import Action
from bot.github.values import Check, Pull, WorkflowRun
from bot.plan.request import AcceptedModel, RunRequest
from core.errors import InputError

MIN_DIGITS = 7
MAY_WRITE = ("write", "maintain", "admin")
"""Roles that may start and stop runs and accept regressions. ``author_association`` is not used: it
is wrong in both directions."""


@dataclass(frozen=True)
class ValidNames:
    """The names that commands may use: models and recipes of the base branch's manifest, and kinds
    of runners.
    """

    models: tuple[str, ...]
    recipes: tuple[str, ...]
    runners: tuple[str, ...]


@dataclass(frozen=True)
class Arguments:
    """A command's words: positional words in order, values of options by name (None for a flag)."""

    positional: tuple[str, ...]
    options: dict[str, str | None]


@dataclass(frozen=True)
class Facts:
    """The state of GitHub when a command is carried out. ``role`` is the role of the comment's
    author; ``runs`` are the active runs of this pull request, without the run that answers;
    ``check`` is our check on the head; ``commits`` maps each revision that a command names to its
    commit, or to None if it does not exist.
    """

    pull: Pull
    author: str
    role: str
    runs: tuple[WorkflowRun, ...]
    check: Check | None
    commits: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class CommandOutcome:
    """What a command leads to. ``text`` is the answer as plain text; the renderer escapes it."""

    text: str
    request: RunRequest | None = None
    actions: tuple[Action, ...] = ()
    accepted: AcceptedModel | None = None


class CommentCommand(Protocol):
    """A module that is a comment command. ``parse`` returns a frozen dataclass of the module,
    ``carry_out`` its outcome. Both raise InputError, whose text is shown to the comment's author.
    """

    @property
    def WORD(self) -> str | None:  # noqa: N802  a constant of the module
        """The word after ``/rebench`` that names the command; None for the one without."""

    @property
    def USAGE(self) -> str:  # noqa: N802
        """How the whole line is written."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802
        """What the command does, for the list of commands."""

    def parse(self, words: Sequence[str], names: ValidNames) -> Any: ...

    def carry_out(self, command: Any, facts: Facts) -> CommandOutcome: ...


def require_write(facts: Facts) -> None:
    """Raises InputError unless the comment's author may write to the repository."""
    if facts.role not in MAY_WRITE:
        raise InputError(
            f"only people who may write to this repository can do this; the role of "
            f"{facts.author} is {facts.role!r}",
            hint="ask a maintainer of this repository",
        )


def require_head(commit: str | None, facts: Facts, command: str) -> None:
    """Raises InputError if ``commit`` is given and does not name the head by at least 7 digits."""
    head = facts.pull.head_sha
    if commit is not None and not (len(commit) >= MIN_DIGITS and head.startswith(commit)):
        raise InputError(
            f"{commit} is not the head of this pull request",
            given=commit,
            choices=(head,),
            hint=f"review what was pushed, then write: {command} {head[:12]}",
        )


def split_arguments(
    words: Sequence[str], *, flags: Sequence[str] = (), valued: Sequence[str] = ()
) -> Arguments:
    """Separates ``--name value`` and ``--name=value`` from positional words; raises InputError."""
    positional: list[str] = []
    options: dict[str, str | None] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            positional.append(word)
            continue
        name, equals, value = word.partition("=")
        _check_option(name, options, (*flags, *valued))
        if name in flags:
            if equals:
                raise InputError(f"{name} takes no value", given=word, hint=f"write {name}")
            options[name] = None
        elif equals or (rest and not rest[0].startswith("--")):
            options[name] = value if equals else rest.pop(0)
        else:
            raise InputError(f"{name} needs a value", hint=f"write {name} VALUE")
    return Arguments(tuple(positional), options)


def _check_option(name: str, options: dict[str, str | None], valid: Sequence[str]) -> None:
    if name not in valid:
        raise InputError(f"unknown option {name!r}", given=name, choices=valid)
    if name in options:
        raise InputError(f"{name} is given twice", hint="write it once")


def choose(word: str, choices: Sequence[str], kind: str) -> str:
    """The choice that the word names, in letters of either case; raises InputError."""
    matches = [choice for choice in choices if choice.casefold() == word.casefold()]
    if word in choices or len(matches) == 1:
        return word if word in choices else matches[0]
    raise InputError(f"unknown {kind} {word!r}", given=word, choices=tuple(choices))


def refuse_words(words: Sequence[str], usage: str) -> None:
    """Raises InputError if a command that takes no words has any."""
    if words:
        raise InputError(f"unexpected {words[0]!r}", given=words[0], hint=f"write {usage}")
