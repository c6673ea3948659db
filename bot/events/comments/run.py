"""``/rebench [MODEL…|all] [SHA] …``: measures the affected models, or those that are named."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import (
    CommandOutcome,
    Facts,
    ValidNames,
    choose,
    require_head,
    require_write,
    split_arguments,
)
from bot.plan.request import RunRequest
from core.errors import InputError

WORD: str | None = None
USAGE = "/rebench [MODEL…|all] [SHA] [--runner cpu|gpu] [--recipe NAME] [--full]"
SUMMARY = "measure the affected models, or those that you name; SHA says that you reviewed the head"

ALL = "all"
_PATTERN = re.compile(r"[A-Za-z0-9_.+*?-]*[*?][A-Za-z0-9_.+*?-]*")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Run:
    """Which models to measure. ``models`` are names or patterns, empty for those that the change
    affects; ``commit`` names the head, by at least 7 digits, if the author has reviewed it.
    """

    models: tuple[str, ...] = ()
    all_models: bool = False
    commit: str | None = None
    runners: tuple[str, ...] = ()
    recipe: str | None = None
    full: bool = False


def parse(words: Sequence[str], names: ValidNames) -> Run:
    """Reads the words after ``/rebench``; raises InputError."""
    arguments = split_arguments(words, flags=("--full",), valued=("--runner", "--recipe"))
    models: list[str] = []
    commits: list[str] = []
    for word in arguments.positional:
        if _COMMIT.fullmatch(word) and word not in names.models:
            commits.append(word)
        elif word != ALL:
            models.append(_model(word, names))
    if len(commits) > 1:
        raise InputError("two commits are named", hint="name the head of this pull request only")
    all_models = ALL in arguments.positional
    if all_models and models:
        problem = f"{ALL!r} cannot be combined with names of models"
        raise InputError(problem, hint=f"write {ALL!r} or the names")
    runner, recipe = (arguments.options.get(name) for name in ("--runner", "--recipe"))
    return Run(
        models=tuple(dict.fromkeys(models)),
        all_models=all_models,
        commit=commits[0] if commits else None,
        runners=(choose(runner, names.runners, "runner"),) if runner is not None else (),
        recipe=choose(recipe, names.recipes, "recipe") if recipe is not None else None,
        full="--full" in arguments.options,
    )


def _model(word: str, names: ValidNames) -> str:
    if _PATTERN.fullmatch(word) and fnmatch.filter(names.models, word):
        return word
    return choose(word, names.models, "model")


def carry_out(command: Run, facts: Facts) -> CommandOutcome:
    """Requests a run of the head; a commit that is named must be the head."""
    require_write(facts)
    head = facts.pull.head_sha
    require_head(command.commit, facts, "/rebench")
    request = RunRequest(
        origin="command",
        number=facts.pull.number,
        base=facts.pull.base_ref,
        head=head,
        models=command.models,
        everything=command.all_models,
        recipe=command.recipe,
        runners=command.runners,
        budget="full" if command.full else "quick",
        reviewed=command.commit is not None,
    )
    names = ", ".join(command.models)
    subject = "every model" if command.all_models else names or "the affected models"
    return CommandOutcome(f"measuring {subject} at {head[:12]}", request)
