"""The interface of a comment command, and the checks that commands share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.events.comments.words import plain_word, without_end
from bot.github.actions import Action
from bot.github.values import Check, Pull, WorkflowRun
from bot.plan.request import AcceptedModel, RunRequest
from core.errors import InputError

DIGITS = 40
_EQUALS = re.compile("[=＝]")
_HEX = re.compile(r"[0-9a-f]{7,40}")
MAY_WRITE = ("write", "maintain", "admin")
"""Roles that may start and stop runs and accept regressions. ``author_association`` is not used: it
is wrong in both directions."""


@dataclass(frozen=True)
class KindRuntimes:
    """The runtime that runners of a kind measure in, and the others that they can measure in."""

    own: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class ValidNames:
    """The names that commands may use: models and recipes of the base branch's manifest, kinds of
    runners, and the runtimes of each kind.
    """

    models: tuple[str, ...]
    recipes: tuple[str, ...]
    runners: tuple[str, ...]
    runtimes: Mapping[str, KindRuntimes] = field(default_factory=dict)


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


@dataclass
class CommandError(InputError):
    """An error in a command; ``command`` is the whole line to write instead, ready to copy."""

    command: str | None = None


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


def read_commit(word: str) -> str | None:
    """The word as a commit or the beginning of one, in lower case; None if it is neither."""
    commit = without_end(word).lower()
    return commit if _HEX.fullmatch(commit) else None


def require_head(commit: str | None, facts: Facts, command: str) -> None:
    """Raises CommandError if ``commit`` is given and does not name the head in full. ``command`` is
    the command with ``{commit}`` in the place of the commit.
    """
    head = facts.pull.head_sha
    if commit is None or commit == head:
        return
    require_full(commit, head, command)
    raise CommandError(
        f"{commit} is not the head of this pull request",
        hint="review what was pushed, then copy this command",
        command=command.format(commit=head),
    )


def require_full(name: str, commit: str, command: str) -> None:
    """Raises CommandError if ``name`` is only the beginning of ``commit``: another commit with the
    same 7 digits is made within minutes.
    """
    if len(name) < DIGITS and commit.startswith(name):
        raise CommandError(
            f"{name} names a commit by {len(name)} of its {DIGITS} digits, which others may share",
            hint=f"compare all {DIGITS} digits with the commit that you reviewed, then copy this "
            "command",
            command=command.format(commit=commit),
        )


def split_arguments(
    words: Sequence[str], *, flags: Sequence[str] = (), valued: Sequence[str] = ()
) -> Arguments:
    """Separates ``--name value`` and ``--name=value`` from positional words; raises InputError.
    Values stay as they were typed.
    """
    positional: list[str] = []
    options: dict[str, str | None] = {}
    rest, valid = list(words), (*flags, *valued)
    while rest:
        typed = rest.pop(0)
        first, *values = _EQUALS.split(typed, maxsplit=1)
        name = without_end(plain_word(first)).casefold()
        if not name.startswith("--"):
            positional.append(plain_word(typed))
            continue
        _check_option(name, options, valid)
        if name in valued and not values and rest and not _is_option(rest[0], valid):
            values = [rest.pop(0)]
        options[name] = _value(name, values, name in flags)
    return Arguments(tuple(word for word in positional if not _is_punctuation(word)), options)


def _is_option(word: str, valid: Sequence[str]) -> bool:
    return word.startswith("--") or plain_word(word).casefold() in valid


def _is_punctuation(word: str) -> bool:
    return word != "" and without_end(word) == ""


def _value(name: str, values: Sequence[str], is_flag: bool) -> str | None:
    if is_flag and values:
        raise InputError(f"{name} takes no value", given=name, hint=f"write {name}")
    if not is_flag and not values:
        raise InputError(f"{name} needs a value", hint=f"write {name} VALUE")
    return values[0] if values else None


def _check_option(name: str, options: dict[str, str | None], valid: Sequence[str]) -> None:
    if name not in valid:
        raise InputError(f"unknown option {name!r}", given=name, choices=valid)
    if name in options:
        raise InputError(f"{name} is given twice", hint="write it once")


def choose(word: str, choices: Sequence[str], kind: str) -> str:
    """The choice that the word names, in letters of either case and with or without punctuation
    after it; raises InputError.
    """
    plain = plain_word(word)
    for name in (plain, without_end(plain)):
        matches = [choice for choice in choices if choice.casefold() == name.casefold()]
        if name in choices or len(matches) == 1:
            return name if name in choices else matches[0]
    raise InputError(f"unknown {kind} {word!r}", given=word, choices=tuple(choices))


def refuse_words(words: Sequence[str], usage: str) -> None:
    """Raises InputError if a command that takes no words has any, besides punctuation."""
    others = [word for word in words if not _is_punctuation(plain_word(word))]
    if others:
        raise InputError(f"unexpected {others[0]!r}", given=others[0], hint=f"write {usage}")
