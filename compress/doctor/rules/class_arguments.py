"""Checks a table of a recipe that names one of Paddle's classes under ``type``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Problem, Subject, edits_of
from compress.doctor.text import Where
from compress.recipes.paddle_classes import (
    ABOVE_ZERO,
    BELOW_ONE,
    CHOICES,
    DECAYING,
    EXPONENTIAL,
    FROM_ZERO,
    UP_TO_ONE,
    Kind,
    PaddleClass,
    takes_null,
    usable,
)
from compress.recipes.values import number

MEANT: dict[Kind, str] = {
    "integer": "a whole number",
    "number": "a number",
    "float": "a number with a point",
    "truth": "true or false",
    "text": "text",
    "numbers": "a list of numbers",
    "object": "left out (a recipe cannot hold an object of Python)",
}


def check_class(
    subject: Subject,
    where: Where,
    table: dict[str, Any],
    classes: dict[str, PaddleClass],
    filled: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """Everything for which ``Class(**arguments)`` would fail. ``filled`` are arguments that the
    suite's own script adds.
    """
    place = ".".join(map(str, where))
    if "type" not in table:
        yield Problem(f"{place} needs the key 'type', the name of a class of Paddle", where)
        return
    for slip in subject.recipe.slips:
        if slip.kind == "class" and slip.where == (*where, "type"):
            edits = edits_of(subject.recipe.replace(slip.where, slip.meant, quoted=True))
            message = f"Paddle has no {slip.written!r}; did you mean {slip.meant}?"
            yield Problem(message, slip.where, edits)
    described = classes.get(str(table["type"]))
    if described is None:
        names = ", ".join(usable(classes))
        yield Problem(f"Paddle has no {table['type']!r}; ACT can use {names}", (*where, "type"))
    elif described.refused is not None:
        reason = f"ACT cannot use {table['type']}: {described.refused}"
        yield Problem(reason, (*where, "type"))
    else:
        yield from _arguments(where, table, described, filled)


def _arguments(
    where: Where, table: dict[str, Any], described: PaddleClass, filled: tuple[str, ...]
) -> Iterator[Problem]:
    name = table["type"]
    missing = [key for key in described.required if key not in table and key not in filled]
    if missing:
        yield Problem(f"{name} needs {', '.join(missing)}", (*where, "type"))
    for key, value in table.items():
        fault = None if key == "type" else _fault(name, key, value, described)
        if fault is not None:
            yield Problem(fault, (*where, key))


def _fault(name: str, key: str, value: Any, described: PaddleClass) -> str | None:
    """What is wrong with one argument."""
    arguments = described.arguments
    if key not in arguments:
        return f"{name} has no argument {key!r}; it takes {', '.join(arguments)}"
    if value is None and key in described.optional:
        fits = takes_null(key, arguments[key])
        advice = "leave it out to have its default"
        return None if fits else f"{key} of {name} should not be null; {advice}"
    meant = _bound(name, key, value) if _fits(arguments[key], value) else MEANT[arguments[key]]
    return f"{key} of {name} should be {meant}, not {value!r}" if meant else None


def _bound(name: str, key: str, value: Any) -> str | None:
    """The range or the words that an argument of the right kind misses."""
    if key in CHOICES and value not in CHOICES[key]:
        return " or ".join(CHOICES[key])
    if not isinstance(value, (int, float)):
        return None
    if (key in ABOVE_ZERO or (key == "gamma" and name in EXPONENTIAL)) and value <= 0:
        return "greater than 0"
    if key in FROM_ZERO and value < 0:
        return "0 or greater"
    if key == "last_epoch" and value < -1:
        return "-1 or greater"
    if key in UP_TO_ONE and value > 1:
        return "1 or less"
    decaying = key == "gamma" and name in DECAYING
    return "below 1" if (decaying or key in BELOW_ONE) and value >= 1 else None


def _fits(kind: Kind, value: Any) -> bool:
    is_number = number(value) is not None
    if kind == "numbers":
        return isinstance(value, list) and all(_fits("number", item) for item in value)
    return {
        "any": value is not None,
        "object": False,
        "truth": isinstance(value, bool),
        "text": isinstance(value, str),
        "integer": isinstance(value, int) and is_number,
        "float": isinstance(value, float),
        "number": is_number,
    }[kind]
