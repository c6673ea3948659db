"""Says of changed keys what they were and are, and which line of a changed file says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from bot.plan.trees import Trees
from bot.plan.values import KeyChange
from compress.differences import differing_keys
from compress.resolve import ConfigTree
from compress.suites.dialect import Document
from core.canonical import canonical_json
from core.errors import InputError, shorten
from core.yaml_places import line_of

MAX_CHANGES, MAX_KEY, MAX_VALUE = 8, 200, 80
"""Of how many keys of a config the values are told; characters of a key and of a value."""
ABSENT = object()


@dataclass
class KeyChanges:
    """Finds the changes of keys. Each changed file is looked at once, however many configs inherit
    from it.
    """

    trees: Trees
    _own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _lines: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def of(
        self, old: Document, new: Document, keys: Sequence[str], files: Sequence[str]
    ) -> tuple[KeyChange, ...]:
        """The changes of the first keys. ``files``: the changed files that the config depends on,
        the nearest first.
        """
        return tuple(self._change(old, new, key, files) for key in keys[:MAX_CHANGES])

    def _change(self, old: Document, new: Document, key: str, files: Sequence[str]) -> KeyChange:
        file, line = next(self._places(key, files), (None, None))
        before, after = (_shown(_value(document, key)) for document in (old, new))
        return KeyChange(
            key=shorten(key, MAX_KEY), before=before, after=after, file=file, line=line
        )

    def _places(self, key: str, files: Sequence[str]) -> Iterator[tuple[str, int | None]]:
        """The files that differ at the key themselves, then those that name other bases, with the
        line of head.
        """
        for wanted in (key, self.trees.head.dialect.base_key):
            for file in files:
                own = next((k for k in self._own_keys(file) if _is_along(k, wanted)), None)
                if own is not None:
                    yield file, self._line(file, max(own, wanted, key=len))

    def _own_keys(self, file: str) -> tuple[str, ...]:
        if file not in self._own:
            old, new = _document(self.trees.base, file), _document(self.trees.head, file)
            self._own[file] = tuple(differing_keys(old, new))
        return self._own[file]

    def _line(self, file: str, key: str) -> int | None:
        if (file, key) not in self._lines:
            text = self.trees.head.text(file) if _document(self.trees.head, file) else None
            self._lines[file, key] = line_of(text, key.split(".")) if text else None
        return self._lines[file, key]


def _document(tree: ConfigTree, file: str) -> Document:
    """The file's own content; empty if it cannot be read."""
    try:
        return tree.document(file)
    except InputError:
        return {}


def _is_along(key: str, other: str) -> bool:
    """Whether one of two dotted paths leads through the other."""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")


def _value(document: Document, key: str) -> Any:
    """The value at a dotted path; ABSENT if there is none."""

    def step(value: Any, part: str) -> Any:
        if isinstance(value, dict):
            return value.get(part, ABSENT)
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            return value[int(part)]
        return ABSENT

    return reduce(step, key.split("."), document)


def _shown(value: Any) -> str | None:
    return None if value is ABSENT else shorten(canonical_json(value), MAX_VALUE)
