"""The impact of a difference: what a changed key of a config can touch."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from compress.suites.dialect import Dialect, Document, Impact

IMPACTS: tuple[Impact, ...] = ("graph", "evaluation", "compression", "training")
"""The impacts, strongest first."""


def impact_of(keys: Sequence[str], dialect: Dialect) -> Impact:
    """The strongest impact among the keys; ``training`` if there are no keys."""
    impacts = {dialect.impact(key) for key in keys}
    return next((impact for impact in IMPACTS if impact in impacts), "training")


def view(resolved: Document, dialect: Dialect, impacts: Sequence[Impact]) -> Document:
    """The part of a config whose keys can touch one of ``impacts``; lists are kept whole.

    Workers are given views, and the same views are in the keys of what they make: a worker that
    misuses a key which the view lacks cannot be reached through it, and one that misuses a key
    which the view holds makes an entry that no other config finds.
    """
    return _view(resolved, "", dialect, impacts) or {}


def _view(value: Any, path: str, dialect: Dialect, impacts: Sequence[Impact]) -> Any:
    """The part of a value that matters; None if nothing of it does."""
    if not isinstance(value, dict) or not value:
        return value if dialect.impact(path) in impacts else None
    parts = {}
    for key, inner in value.items():
        below = f"{path}.{key}" if path else str(key)
        part = _view(inner, below, dialect, impacts)
        if part is not None or (inner is None and dialect.impact(below) in impacts):
            parts[key] = part
    return parts or None


@dataclass(frozen=True)
class ImpactTable:
    """Dotted paths by their impact; every other key counts as ``graph``.

    ``graph`` holds exceptions below paths that the other tables name.
    """

    training: tuple[str, ...]
    compression: tuple[str, ...]
    evaluation: tuple[str, ...]
    graph: tuple[str, ...] = ()

    def impact(self, key: str) -> Impact:
        """The impact of the key, looked up by prefix; exceptions first, then training."""
        parts = key.split(".")
        prefixes = {".".join(parts[:count]) for count in range(1, self._longest + 1)}
        found = (name for name, keys in self._tables if not keys.isdisjoint(prefixes))
        return next(found, "graph")

    @functools.cached_property
    def _tables(self) -> tuple[tuple[Impact, frozenset[str]], ...]:
        return (
            ("graph", frozenset(self.graph)),
            ("training", frozenset(self.training)),
            ("compression", frozenset(self.compression)),
            ("evaluation", frozenset(self.evaluation)),
        )

    @functools.cached_property
    def _longest(self) -> int:
        """How many parts the longest path has."""
        return max((key.count(".") + 1 for _, keys in self._tables for key in keys), default=0)


def starts_with_any(key: str, prefixes: Sequence[str]) -> bool:
    """Whether the dotted path lies at or below one of the prefixes."""
    return any(key == prefix or key.startswith(prefix + ".") for prefix in prefixes)
