"""Tries fixes before they are offered: a fix changes named tokens, and makes nothing worse.

As in ruff and clippy, a fix is an edit that is certain to be right. Here that is looked at: the
text is read and checked again with the edits, and those are refused that make the file unreadable,
change anything beside the finding's own place, leave the finding as it is, or bring another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compress.doctor.meaning import read_as_meant
from compress.doctor.rule import Problem, Rule, Subject
from compress.doctor.text import Where, YamlText, apply_edits, parse_text
from core.errors import InputError
from core.finding import Edit

MAX_TRIES = 50
"""So many fixes of one file are tried one by one, where they cannot be made all at once."""
ENOUGH = "too many fixes in one file are doubtful"

Found = tuple[Rule, Problem]
Check = Callable[[Subject], list[Found]]


@dataclass(frozen=True)
class Trial:
    """A recipe as it is: what is wrong with it, and what it means."""

    subject: Subject
    check: Check
    found: list[Found]

    def refusal(self, problems: Sequence[Problem]) -> str | None:
        """Why the edits of these problems must not be made together; None if they may."""
        before = self.subject.recipe
        edits = [edit for problem in problems for edit in problem.edits]
        try:
            text = apply_edits(before.text, edits)
            after = read_as_meant(parse_text(text, before.file))
        except InputError as error:
            return f"the file could not be read any more: {error.message}"
        places = {problem.where for problem in problems}
        for where in _differences(before, after):
            if where not in places:
                return f"it would change {'.'.join(map(str, where))} as well"
        return self._worse(replace(self.subject, recipe=after), {id(p) for p in problems})

    def _worse(self, after: Subject, mended: set[int]) -> str | None:
        """``mended``: the problems that have to be fewer afterwards."""
        old = Counter((rule.code, problem.where) for rule, problem in self.found)
        new = Counter((rule.code, problem.where) for rule, problem in self.check(after))
        for code, where in new - old:
            place = f" at {'.'.join(map(str, where))}" if where else ""
            return f"it would lead to {code}{place}"
        for rule, problem in self.found:
            key = (rule.code, problem.where)
            if id(problem) in mended and new[key] >= old[key]:
                return "the finding would stay"
        return None


def only_good_fixes(subject: Subject, check: Check) -> list[Found]:
    """What the check finds, with those edits only that can be made together; the message of a
    problem says why its edits are refused.
    """
    trial = Trial(subject, check, check(subject))
    groups = _groups(problem for _, problem in trial.found if problem.edits)
    everything = [problem for group in groups.values() for problem in group]
    if not everything or trial.refusal(everything) is None:
        return trial.found
    refusals = dict(_refused(trial, groups))
    return [(rule, _without_edits(problem, refusals)) for rule, problem in trial.found]


def _groups(problems: Iterator[Problem]) -> dict[tuple[Edit, ...], list[Problem]]:
    """Problems by their edits: an anchor's value is wrong wherever it is used."""
    groups: dict[tuple[Edit, ...], list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.edits, []).append(problem)
    return groups


def _refused(
    trial: Trial, groups: dict[tuple[Edit, ...], list[Problem]]
) -> Iterator[tuple[tuple[Edit, ...], str]]:
    accepted: list[Problem] = []
    for number, (edits, problems) in enumerate(groups.items()):
        reason = ENOUGH if number >= MAX_TRIES else trial.refusal([*accepted, *problems])
        if reason is None:
            accepted += problems
        else:
            yield edits, reason


def _without_edits(problem: Problem, refusals: dict[tuple[Edit, ...], str]) -> Problem:
    reason = refusals.get(problem.edits)
    if not problem.edits or reason is None:
        return problem
    return replace(problem, edits=(), message=f"{problem.message} (no fix by --fix: {reason})")


def _differences(before: YamlText, after: YamlText) -> Iterator[Where]:
    """The places of scalars that differ in value or type, or that only one of the two has."""
    old, new = dict(_leaves(before.data, ())), dict(_leaves(after.data, ()))
    for where in {**old, **new}:
        if old.get(where) != new.get(where):
            yield where


def _leaves(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    """Every scalar and every empty table or list as text that tells types apart."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*where, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*where, index))
    else:
        yield where, f"{type(value).__name__} {value!r}"
