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
    read_commit,
    require_head,
    require_write,
    split_arguments,
)
from bot.events.comments.words import without_end
from bot.plan.request import RunRequest
from core.errors import InputError

WORD: str | None = None
USAGE = "/rebench [MODEL…|all] [SHA] [--runner NAME] [--recipe NAME] [--runtime NAME] [--full]"
SUMMARY = (
    "measure the affected models, or those that you name; SHA says that you reviewed the head; "
    "--runtime measures the head in that runtime and in the usual one, for information"
)

ALL = "all"
_PATTERN = re.compile(r"[A-Za-z0-9_.+*?-]*[*?][A-Za-z0-9_.+*?-]*")
_COMMAS = re.compile("[,;、]+")


@dataclass(frozen=True)
class Run:
    """Which models to measure. ``models`` are names or patterns, empty for those that the change
    affects; ``commit`` names the head in full if the author has reviewed it. ``runtimes``: the
    runner's own, and the one that the head is measured in beside it.
    """

    models: tuple[str, ...] = ()
    all_models: bool = False
    commit: str | None = None
    runners: tuple[str, ...] = ()
    recipe: str | None = None
    full: bool = False
    runtimes: tuple[str, str] | None = None


def parse(words: Sequence[str], names: ValidNames) -> Run:
    """Reads the words after ``/rebench``; raises InputError."""
    arguments = split_arguments(
        words, flags=("--full",), valued=("--runner", "--recipe", "--runtime")
    )
    models: list[str] = []
    commits: list[str] = []
    everything = False
    for word in _separate(arguments.positional):
        commit = read_commit(word)
        if without_end(word).casefold() == ALL:
            everything = True
        elif commit is not None and not _is_model(word, names):
            commits.append(commit)
        else:
            models += _models(word, names)
    if len(commits) > 1:
        raise InputError("two commits are named", hint="name the head of this pull request only")
    if everything and models:
        problem = f"{ALL!r} cannot be combined with names of models"
        raise InputError(problem, hint=f"write {ALL!r} or the names")
    runner, recipe, runtime = map(arguments.options.get, ("--runner", "--recipe", "--runtime"))
    runners = (choose(runner, names.runners, "runner"),) if runner is not None else ()
    runtimes = None
    if runtime is not None:
        kind, runtimes = _choose_runtimes(runtime, runners or names.runners, names)
        runners = (kind,)
    return Run(
        models=tuple(dict.fromkeys(models)),
        all_models=everything,
        commit=commits[0] if commits else None,
        runners=runners,
        recipe=choose(recipe, names.recipes, "recipe") if recipe is not None else None,
        full="--full" in arguments.options,
        runtimes=runtimes,
    )


def _choose_runtimes(
    word: str, kinds: Sequence[str], names: ValidNames
) -> tuple[str, tuple[str, str]]:
    """The first of the kinds of runners that can measure in the runtime beside its own, and both
    runtimes; raises InputError.
    """
    able = {kind: names.runtimes[kind] for kind in kinds if kind in names.runtimes}
    every = tuple(dict.fromkeys(name for runtimes in able.values() for name in runtimes.others))
    if not every:
        raise InputError(
            f"runners of the kind {' or '.join(kinds)} can measure in one runtime only",
            hint="leave out --runtime",
        )
    own = tuple(runtimes.own for runtimes in able.values())
    chosen = choose(word, (*every, *own), "runtime")
    if chosen not in every:
        raise InputError(
            f"runners of the kind {' or '.join(able)} measure in {chosen} anyway",
            given=word,
            choices=every,
            hint="name another runtime, or leave out --runtime",
        )
    kind = next(kind for kind, runtimes in able.items() if chosen in runtimes.others)
    return kind, (able[kind].own, chosen)


def _separate(words: Sequence[str]) -> list[str]:
    """The words with commas between names as spaces."""
    return [part for word in words for part in _COMMAS.split(word) if part or not word]


def _is_model(word: str, names: ValidNames) -> bool:
    return word.casefold() in [model.casefold() for model in names.models]


def _models(word: str, names: ValidNames) -> list[str]:
    """The model or pattern; models instead of a pattern that fits them in another case only."""
    for pattern in (word, without_end(word)):
        if _PATTERN.fullmatch(pattern):
            if any(fnmatch.fnmatchcase(name, pattern) for name in names.models):
                return [pattern]
            folded = pattern.casefold()
            models = [n for n in names.models if fnmatch.fnmatchcase(n.casefold(), folded)]
            if models:
                return models
    return [choose(word, names.models, "model")]


def written(command: Run) -> str:
    """The command as it is written, with ``{commit}`` in the place of the commit."""
    words = ["/rebench", *(("all",) if command.all_models else command.models), "{commit}"]
    words += [f"--runner {runner}" for runner in command.runners]
    words += [f"--recipe {command.recipe}"] if command.recipe else []
    words += [f"--runtime {command.runtimes[1]}"] if command.runtimes else []
    return " ".join([*words, *(["--full"] if command.full else [])])


def carry_out(command: Run, facts: Facts) -> CommandOutcome:
    """Requests a run of the head; a commit that is named must be the head."""
    require_write(facts)
    head = facts.pull.head_sha
    require_head(command.commit, facts, written(command))
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
        base_commit=head if command.runtimes else None,
        runtimes=command.runtimes,
    )
    names = ", ".join(command.models)
    if command.runtimes:
        own, other = command.runtimes
        text = f"measuring {names or 'every model'} at {head[:12]} in {other} and in {own}"
        return CommandOutcome(text, request)
    subject = "every model" if command.all_models else names or "the affected models"
    return CommandOutcome(f"measuring {subject} at {head[:12]}", request)
