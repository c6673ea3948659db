"""What becomes of each key of a suite's configs: measured, without influence, or not measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from compress.suites.dialect import Document

Fate = Literal["measured", "without influence", "not measured"]


@dataclass(frozen=True)
class Coverage:
    """Dotted paths with a word on each; the longest one at or above a key decides. A ``*`` stands
    for any single part. ``counted``: paths that decide what an accuracy counts, so that accuracies
    with other values there cannot be compared.
    """

    measured: Mapping[str, str] = field(default_factory=dict)
    without_influence: Mapping[str, str] = field(default_factory=dict)
    not_measured: Mapping[str, str] = field(default_factory=dict)
    counted: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[str, Fate, str]]:
        """Every path with its fate and the word on it."""
        tables: tuple[tuple[Fate, Mapping[str, str]], ...] = (
            ("measured", self.measured),
            ("without influence", self.without_influence),
            ("not measured", self.not_measured),
        )
        for fate, table in tables:
            yield from ((path, fate, word) for path, word in table.items())

    def find(self, key: str) -> tuple[str, Fate, str] | None:
        """The row that decides on a key; None for a key that nobody classified."""
        parts = key.split(".")
        rows = [row for row in self.rows() if _covers(row[0].split("."), parts)]
        return max(rows, key=lambda row: (row[0].count("."), "*" not in row[0]), default=None)

    def counts(self, key: str) -> bool:
        """Whether the key decides what an accuracy counts."""
        return any(_covers(path.split("."), key.split(".")) for path in self.counted)


NOTHING = Coverage()


def _covers(path: list[str], key: list[str]) -> bool:
    pairs = zip(path, key, strict=False)
    return len(path) <= len(key) and all(part in ("*", other) for part, other in pairs)


def leaves(document: Document) -> Iterator[str]:
    """The dotted paths of a document's keys, without those inside lists."""
    for key, value in document.items():
        if isinstance(value, dict) and value:
            yield from (f"{key}.{inner}" for inner in leaves(value))
        else:
            yield str(key)
