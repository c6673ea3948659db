"""Differences between plain values, and their leaves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.canonical import canonical_json
from core.yaml_places import item_of

MAX_PATH = 1000
"""Characters of a dotted path beyond which a difference is not located more closely: 20,000 paths
of 64 long keys each would be gigabytes.
"""
ABSENT = object()


def differing_keys(old: Any, new: Any) -> list[str]:
    """Dotted paths of the leaves at which two plain values differ; see ``differing_paths``."""
    return [".".join(path) for path in differing_paths(old, new)]


def differing_paths(
    old: Any, new: Any, path: tuple[str, ...] = (), characters: int = 0
) -> list[tuple[str, ...]]:
    """Paths of the leaves at which two plain values differ; list items count by index. Types count:
    to the suites ``1``, ``1.0`` and ``True`` are not the same, as they are to Python.
    ``characters``: of the path as text.
    """
    if old is new:
        return []
    if characters > MAX_PATH:
        return [path] if canonical_json(old) != canonical_json(new) else []
    if type(old) is type(new):
        pairs: Iterable[tuple[Any, Any, Any]] | None = None
        if isinstance(old, dict):
            keys = {**old, **new}
            pairs = ((key, old.get(key, ABSENT), new.get(key, ABSENT)) for key in keys)
        elif isinstance(old, list) and len(old) == len(new):
            pairs = ((i, a, b) for i, (a, b) in enumerate(zip(old, new, strict=True)))
        if pairs is not None:
            return [
                found
                for key, a, b in pairs
                for found in differing_paths(
                    a, b, (*path, str(key)), characters + len(str(key)) + 1
                )
            ]
        if old == new:
            return []
    return [path]


def step(value: object, part: str) -> Any:
    """What a part of a path leads to in a plain value; ABSENT if to nothing."""
    if isinstance(value, dict):
        return value.get(part, ABSENT)
    index = item_of(value, part) if isinstance(value, list) else None
    return ABSENT if index is None else value[index]  # type: ignore[index]


def flatten(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The leaves of a plain value with their paths; empty mappings and lists are leaves."""
    if isinstance(value, (dict, list)) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from flatten(inner, (*path, str(key)))
    else:
        yield path, value
