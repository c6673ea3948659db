"""Differences between plain values, and their leaves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.canonical import canonical_json

MAX_PATH = 1000
"""Characters of a dotted path beyond which a difference is not located more closely: 20,000 paths
of 64 long keys each would be gigabytes.
"""
_ABSENT = object()


def differing_keys(old: Any, new: Any, prefix: str = "") -> list[str]:
    """Dotted paths of the leaves at which two plain values differ; list items count by index. Types
    count: to the suites ``1``, ``1.0`` and ``True`` are not the same, as they are to Python.
    """
    if old is new:
        return []
    if len(prefix) > MAX_PATH:
        return [prefix] if canonical_json(old) != canonical_json(new) else []
    if type(old) is type(new):
        if isinstance(old, dict):
            pairs: Iterable[tuple[Any, Any, Any]] = (
                (key, old.get(key, _ABSENT), new.get(key, _ABSENT)) for key in {**old, **new}
            )
            return [k for key, a, b in pairs for k in differing_keys(a, b, _join(prefix, key))]
        if isinstance(old, list) and len(old) == len(new):
            items = enumerate(zip(old, new, strict=True))
            return [k for i, (a, b) in items for k in differing_keys(a, b, _join(prefix, i))]
        if old == new:
            return []
    return [prefix]


def flatten(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The leaves of a plain value with their paths; empty mappings and lists are leaves."""
    if isinstance(value, (dict, list)) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from flatten(inner, (*path, str(key)))
    else:
        yield path, value


def _join(prefix: str, key: object) -> str:
    return f"{prefix}.{key}" if prefix else str(key)
