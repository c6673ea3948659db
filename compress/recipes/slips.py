"""Names that certainly mean another one: earlier names, and slips of one or two letters."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from typing import Any

from compress.recipes.act import METHOD_SECTIONS, SECTIONS, validate_model
from compress.recipes.kinds import Where, inner_model
from compress.recipes.paddle_classes import BUILDER_KEYS, PLACES
from compress.recipes.sections import Section
from compress.recipes.successors import (
    CLASSES_ELSEWHERE,
    KEYS,
    PRUNES_BEFORE,
    SECTIONS_BEFORE,
    SECTIONS_ELSEWHERE,
)
from compress.recipes.values import normalise

LETTERS = {4: 1, 7: 2}
"""How many letters a name of at least this length may differ in."""
LIKENESS = 0.75
DIGITS = re.compile(r"[0-9]")


def meant_sections(name: str, siblings: Collection[str] = ()) -> tuple[str, ...]:
    """The sections for which a top-level key may stand, for a message. Empty for a section, for a
    key unlike any, and for other tools' sections beside a method of ACT: the suites' scripts read
    sections of their own from the same file.
    """
    if name in SECTIONS:
        return ()
    slip = slip_of(name, SECTIONS)
    if slip is not None or name in SECTIONS_BEFORE:
        return (slip,) if slip else SECTIONS_BEFORE[name]
    if name.casefold() in SECTIONS_ELSEWHERE:
        alone = not any(section in siblings for section in METHOD_SECTIONS)
        return SECTIONS_ELSEWHERE[name.casefold()] if alone else ()
    lowered = {section.casefold(): section for section in SECTIONS}
    close = difflib.get_close_matches(name.casefold(), lowered, n=1, cutoff=LIKENESS)
    return tuple(lowered[match] for match in close)


def certain_section(name: str, content: Any, siblings: Collection[str]) -> str | None:
    """The section that a top-level key certainly means; None if it is one, may be several, or
    the recipe has that section as well.
    """
    if name in SECTIONS or not (content is None or isinstance(content, dict)):
        return None
    meant = _renamed(name, content or {}, siblings) or slip_of(name, SECTIONS)
    return meant if meant not in siblings else None


def _renamed(name: str, content: dict[str, Any], siblings: Collection[str]) -> str | None:
    """Beside a search, earlier releases took ``Quantization`` for what is ``QuantPost`` today."""
    if name == "Quantization":
        return "QuantPost" if "HyperParameterOptimization" in siblings else "QuantAware"
    return PRUNES_BEFORE.get(str(content.get("prune_algo"))) if name == "Prune" else None


def fields_at(where: Where) -> tuple[str, ...] | None:
    """The keys that the table at a path takes; None if any, or if there is no such table."""
    for place, classes in PLACES.items():
        if where == place:
            return ("type", *dict.fromkeys(k for c in classes.values() for k in c.arguments))
    if where == ("TrainConfig", "optimizer_builder"):
        return BUILDER_KEYS
    model = _model_at(where)
    if model is None or model.model_config.get("extra") == "allow":
        return None
    return tuple(model.model_fields)


def certain_key(table: Where, key: str, value: Any, siblings: Collection[str]) -> str | None:
    """The key that a key of a section or nested table certainly means, for a value of the same
    type; None if it is one of the table's own, or if the table has that key as well.
    """
    fields = fields_at(table)
    if fields is None or key in fields:
        return None
    meant = KEYS.get((*(str(part) for part in table), key)) or slip_of(key, fields)
    if meant is None or meant in siblings or not _takes(table, meant, value):
        return None
    return meant


def certain_class(name: str, classes: Collection[str]) -> str | None:
    """The class of Paddle that a name certainly means; None if it is one, here or elsewhere."""
    if name in classes or name.casefold() in CLASSES_ELSEWHERE:
        return None
    return slip_of(name, classes)


def slip_of(name: str, names: Iterable[str]) -> str | None:
    """The one name that differs from ``name`` in one or two letters, in case or in hyphens. Other
    digits are another name, not a slip.
    """
    plain = name.casefold().replace("-", "_")
    digits = DIGITS.findall(name)
    letters = max((most for length, most in LETTERS.items() if len(name) >= length), default=0)
    distances = {
        candidate: distance(plain, candidate.casefold(), letters)
        for candidate in names
        if not digits or digits == DIGITS.findall(candidate)
    }
    least = min(distances.values(), default=letters + 1)
    nearest = [candidate for candidate, apart in distances.items() if apart == least]
    return nearest[0] if least <= letters and len(nearest) == 1 else None


def distance(one: str, other: str, most: int) -> int:
    """How many letters have to be inserted, deleted, replaced or exchanged with their neighbour to
    turn one word into the other (optimal string alignment); ``most`` + 1 if more than ``most``.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            cost = before[j - 1] + (letter != target)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, last[j - 2] + 1)
            row.append(min(cost, before[j] + 1, row[j - 1] + 1))
    return min(row[-1], most + 1)


def _model_at(where: Where) -> type[Section] | None:
    model = SECTIONS.get(str(where[0])) if where else None
    for part in where[1:]:
        field = model.model_fields.get(str(part)) if model else None
        inner = inner_model(field.annotation) if field else None
        model = inner if inner is not None and issubclass(inner, Section) else None
    return model


def _takes(table: Where, key: str, value: Any) -> bool:
    """Whether the key takes a value of this type, read as it was meant; a number out of its range
    is of the right type.
    """
    model = _model_at(table)
    if model is None or key not in model.model_fields or value is None:
        return True
    meant = normalise(value, ".".join(map(str, (*table, key))), [])
    errors = [error for error in validate_model(model, {key: meant}) if error["loc"][:1] == (key,)]
    return not errors or any(error["type"].startswith(IN_RANGE) for error in errors)


IN_RANGE = ("greater_than", "less_than")
