"""Says of changed keys what they were and are, and which line of a changed file says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from bot.plan.trees import Trees
from bot.plan.values import KeyChange
from compress.differences import ABSENT, differing_paths, step
from compress.resolve import ConfigTree
from compress.suites.dialect import Document
from core.canonical import canonical_json
from core.errors import InputError, shorten
from core.yaml_places import Places

MAX_CHANGES, MAX_KEY, MAX_VALUE = 8, 200, 80
"""Of how many keys of a config the values are told; characters of a key and of a value."""


Path = tuple[str, ...]


@dataclass(frozen=True)
class _Changed:
    """A changed file: the paths at which it differs itself, and those on the way to these."""

    document: Document
    own: frozenset[Path]
    ways: Mapping[Path, Path]
    places: Places | None

    def along(self, path: Path) -> Path | None:
        """A path of its own that leads through this one, or through which this one leads."""
        before = (path[:length] for length in range(1, len(path) + 1))
        return next((way for way in before if way in self.own), self.ways.get(path))


@dataclass
class KeyChanges:
    """Finds the changes of keys. Each changed file is looked at once, however many configs inherit
    from it.
    """

    trees: Trees
    _changed: dict[str, _Changed] = field(default_factory=dict)

    def of(
        self, old: Document, new: Document, paths: Sequence[Path], files: Sequence[str]
    ) -> tuple[KeyChange, ...]:
        """The changes at the first paths. ``files``: the changed files that the config depends on,
        the nearest first.
        """
        return tuple(self._change(old, new, path, files) for path in paths[:MAX_CHANGES])

    def _change(self, old: Document, new: Document, path: Path, files: Sequence[str]) -> KeyChange:
        before, after = (_value(document, path) for document in (old, new))
        places = sorted(self._places(path, files), key=lambda place: place[1] != after)
        file, line = next(((file, line) for file, _, line in places), (None, None))
        key = shorten(".".join(path), MAX_KEY)
        return KeyChange(key=key, before=_shown(before), after=_shown(after), file=file, line=line)

    def _places(self, path: Path, files: Sequence[str]) -> Iterator[tuple[str, object, int | None]]:
        """The files that differ at the path themselves, or else those that name other bases, with
        the value and the line of head.
        """
        for wanted in (path, (self.trees.head.dialect.base_key,)):
            found = [(file, self._at(file).along(wanted)) for file in files]
            for file, own in found:
                if own is not None:
                    changed = self._at(file)
                    places, longer = changed.places, max(own, wanted, key=len)
                    line = None if places is None else places.line_of(longer)
                    yield file, _value(changed.document, path), line
            if any(own is not None for _, own in found):
                return

    def _at(self, file: str) -> _Changed:
        if file not in self._changed:
            old, new = _document(self.trees.base, file), _document(self.trees.head, file)
            own = differing_paths(old, new)
            ways = {path[:length]: path for path in reversed(own) for length in range(len(path))}
            text = self.trees.head.text(file) if new else None
            places = Places(text) if text else None
            self._changed[file] = _Changed(new, frozenset(own), ways, places)
        return self._changed[file]


def _document(tree: ConfigTree, file: str) -> Document:
    """The file's own content; empty if it cannot be read."""
    try:
        return tree.document(file)
    except InputError:
        return {}


def _value(document: Document, path: Path) -> Any:
    """The value at a path; ABSENT if there is none."""
    return reduce(step, path, document)


def _shown(value: Any) -> str | None:
    return None if value is ABSENT else shorten(canonical_json(value), MAX_VALUE)
