"""Reads parts of configs without relying on their types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeGuard

from compress.suites.dialect import Document
from core.safe_yaml import TAG_KEY


def is_mergeable(value: object) -> bool:
    """Whether a value merges key by key: a mapping, but not a tagged one (an object)."""
    return isinstance(value, dict) and TAG_KEY not in value


def listed_bases(document: Document, key: str) -> Sequence[str]:
    """The bases of a document, which names one path or a list of paths."""
    bases = document.get(key) or []
    return bases if isinstance(bases, list) else [bases]


def section(document: Document, key: str) -> Document:
    """The mapping under the key; empty if there is none."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def mappings_in(value: object) -> list[Document]:
    """The mappings of a list; empty for anything else."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def in_words(steps: Iterable[Document]) -> tuple[str, ...]:
    """``mean=[0.5] std=[0.5]`` for each step, sorted by name; ``0`` and ``0.0`` look alike."""
    return tuple(
        " ".join(f"{key}={_in_words(value)}" for key, value in sorted(step.items()))
        for step in steps
    )


def _in_words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_in_words, value))}]"
    return str(float(value)) if type(value) is int else str(value)


def is_size(value: object, length: int = 2) -> TypeGuard[list[int]]:
    """Whether a value is a list of ``length`` positive integers."""
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(n, int) and n > 0 for n in value)
    )


def text_or_none(value: object) -> str | None:
    """The value if it is text, else None."""
    return value if isinstance(value, str) else None
