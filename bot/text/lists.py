"""Lists in words."""

from __future__ import annotations

from collections.abc import Sequence


def first_of(names: Sequence[str], count: int, more: int = 0) -> str:
    """The first names, and how many there are besides; ``more`` are not in the list."""
    left = max(0, len(names) - count) + more
    rest = f" and {left} more" if left else ""
    return ", ".join(names[:count]) + rest
