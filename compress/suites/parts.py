"""Reads parts of configs without relying on their types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from compress.suites.dialect import Document
from core.safe_yaml import TAG_KEY, VALUE_KEY


def is_mergeable(value: object) -> bool:
    """Whether a value merges key by key: a mapping, but not a tagged one (an object)."""
    return isinstance(value, dict) and TAG_KEY not in value


def listed_bases(document: Document, key: str) -> Sequence[str]:
    """The bases of a document, which names one path or a list of paths."""
    bases = document.get(key)
    if bases is None:
        return []
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


def tag_of(value: object) -> str | None:
    """The YAML tag of a tagged value, without ``!``; None for a plain one."""
    tag = value.get(TAG_KEY) if isinstance(value, dict) else None
    return tag if isinstance(tag, str) else None


def is_tagged_text(value: object) -> bool:
    """Whether a tag stands before a scalar instead of a mapping or a list."""
    return tag_of(value) is not None and not isinstance(_without_tag(value), (dict, list))


def _without_tag(value: object) -> object:
    return value[VALUE_KEY] if isinstance(value, dict) and VALUE_KEY in value else value


def walk(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value inside a plain one and itself, with its dotted path; items count by index."""
    yield path, value
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        yield from walk(inner, f"{path}.{key}" if path else str(key))


def texts_in(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a value, every tag, and the keys of mappings in lists, which name a step
    each; all with their dotted paths.
    """
    for key, inner in walk(value, path):
        if isinstance(inner, str):
            yield key, inner
        elif isinstance(inner, list):
            for number, item in enumerate(mappings_in(inner)):
                yield from ((f"{key}.{number}", str(name)) for name in item)
        tag = tag_of(inner)
        if tag is not None:
            yield key, tag


def text_or_none(value: object) -> str | None:
    """The value if it is text, else None."""
    return value if isinstance(value, str) else None
