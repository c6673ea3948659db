"""Sizes of plain values, and how large a config may become by inheritance.

A file's own size is bounded when it is read (``core/yaml_bounds.py``); files of a few bytes that
inherit from one another still make contents without bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_FILES = 64
"""Files that a config inherits from, itself included. Of 1,497 YAML files of PaddleSeg and
PaddleDetection none inherits from more than 11."""
MAX_NODES, MAX_CHARACTERS = 20_000, 100_000
"""Of a resolved config: the largest of both suites has 1,067 values and 3,824 characters."""
MAX_TOTAL_NODES, MAX_TOTAL_CHARACTERS = 2_000_000, 50_000_000
"""Of all resolved configs of a revision: those of PaddleDetection have 147,643 values."""


@dataclass(frozen=True)
class Size:
    """``nodes``: values of any kind; ``characters``: of all keys and texts."""

    nodes: int = 0
    characters: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.nodes + other.nodes, self.characters + other.characters)

    def exceeds(self, nodes: int, characters: int) -> bool:
        """Whether there are more values or more characters."""
        return self.nodes > nodes or self.characters > characters


def size_of(value: Any) -> Size:
    """The size of a plain value, as if written out."""
    nodes, characters, pending = 0, 0, [value]
    while pending:
        inner = pending.pop()
        nodes += 1
        if isinstance(inner, dict):
            characters += sum(map(len, inner))
            pending.extend(inner.values())
        elif isinstance(inner, list):
            pending.extend(inner)
        elif isinstance(inner, str):
            characters += len(inner)
    return Size(nodes, characters)
