"""The impact of a difference: what a changed key of a config can touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compress.suites.dialect import Dialect, Impact

IMPACTS: tuple[Impact, ...] = ("graph", "evaluation", "compression", "training")
"""The impacts, strongest first."""


def impact_of(keys: Sequence[str], dialect: Dialect) -> Impact:
    """The strongest impact among the keys; ``training`` if there are no keys."""
    impacts = {dialect.impact(key) for key in keys}
    return next((impact for impact in IMPACTS if impact in impacts), "training")


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
        tables: tuple[tuple[Impact, tuple[str, ...]], ...] = (
            ("graph", self.graph),
            ("training", self.training),
            ("compression", self.compression),
            ("evaluation", self.evaluation),
        )
        return next((name for name, keys in tables if starts_with_any(key, keys)), "graph")


def starts_with_any(key: str, prefixes: Sequence[str]) -> bool:
    """Whether the dotted path lies at or below one of the prefixes."""
    return any(key == prefix or key.startswith(prefix + ".") for prefix in prefixes)
