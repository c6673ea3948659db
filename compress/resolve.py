"""Resolves the inheritance of configs inside one revision, without a checkout."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compress.suites.dialect import Dialect, Document
from core.canonical import content_hash
from core.errors import InputError, shown
from core.git import REGULAR_MODES, Entry
from core.safe_yaml import parse_mapping

MAX_CHAIN = 16


@dataclass
class ConfigTree:
    """The YAML files of one revision, each parsed and resolved at most once, when needed.

    ``files``: entries by path. ``read``: the content of an object name, None if it is missing.
    """

    files: Mapping[str, Entry]
    read: Callable[[str], bytes | None]
    dialect: Dialect
    _documents: dict[str, Document] = field(default_factory=dict)
    _resolved: dict[str, Document] = field(default_factory=dict)

    @functools.cached_property
    def code(self) -> str:
        """Hash of the suite's code, which workers run."""
        folders = tuple(f"{folder}/" for folder in self.dialect.code)
        return content_hash([(p, e.blob) for p, e in self.files.items() if p.startswith(folders)])

    def document(self, path: str) -> Document:
        """The file itself, parsed; raises InputError if it is missing, a link or not YAML."""
        if path not in self._documents:
            self._documents[path] = parse_mapping(self._content(path), path)
        return self._documents[path]

    def text(self, path: str) -> str | None:
        """The file's text; None if it is missing, a link or not UTF-8."""
        try:
            return self._content(path).decode()
        except (InputError, UnicodeDecodeError):
            return None

    def base_paths(self, path: str) -> list[str]:
        """Paths from the root of the files that ``path`` inherits from directly."""
        bases = self.dialect.bases(self.document(path))
        return [_locate(base, path, self.dialect.base_key) for base in bases]

    def resolve(self, path: str) -> Document:
        """The content after inheritance; raises InputError for missing or cyclic bases."""
        return self._resolve(path, ())

    def _resolve(self, path: str, heirs: tuple[str, ...]) -> Document:
        if path in heirs:
            raise InputError(
                "the bases form a cycle",
                file=path,
                key=self.dialect.base_key,
                hint="break the cycle: " + " -> ".join((*heirs, path)),
            )
        if len(heirs) > MAX_CHAIN:
            raise InputError(
                f"more than {MAX_CHAIN} bases above one another",
                file=path,
                key=self.dialect.base_key,
                hint="shorten the chain: " + " -> ".join((*heirs, path)),
            )
        if path not in self._resolved:
            bases = []
            for base in self.base_paths(path):
                if base not in self.files:
                    raise InputError(
                        f"the base {base} does not exist",
                        file=path,
                        key=self.dialect.base_key,
                        given=base,
                        choices=_siblings(base, self.files),
                        hint="correct the path; it is relative to this file",
                    )
                bases.append(self._resolve(base, (*heirs, path)))
            try:
                self._resolved[path] = self.dialect.combine(self.document(path), bases)
            except InputError as error:
                error.file = error.file or path
                raise
        return self._resolved[path]

    def closure(self, path: str) -> dict[str, tuple[str, ...]]:
        """Every file that ``path`` inherits from, itself included, with the files in between."""
        chains: dict[str, tuple[str, ...]] = {path: ()}
        queue = [path]
        while queue:
            heir = queue.pop(0)
            chain = (*chains[heir], heir) if heir != path else ()
            for base in self._readable_bases(heir):
                if base not in chains:
                    chains[base] = chain
                    queue.append(base)
        return chains

    def _readable_bases(self, path: str) -> list[str]:
        try:
            return self.base_paths(path)
        except InputError:
            return []

    def _content(self, path: str) -> bytes:
        entry = self.files.get(path)
        if entry is None:
            raise InputError(
                "no such file in this revision",
                file=path,
                choices=_siblings(path, self.files),
                given=path,
                hint="correct the path; it is relative to the root of the suite",
            )
        if entry.mode not in REGULAR_MODES:
            raise InputError(
                "not a regular file (a symbolic link?)",
                file=path,
                hint="replace it with the file itself",
            )
        content = self.read(entry.blob)
        if content is None:
            raise InputError(
                "its content is missing from the repository",
                file=path,
                hint="fetch the full history: git fetch --refetch",
            )
        return content


def differing_keys(old: Any, new: Any, prefix: str = "") -> list[str]:
    """Dotted paths of the leaves at which two plain values differ; list items count by index."""
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


_ABSENT = object()


def _join(prefix: str, key: object) -> str:
    return f"{prefix}.{key}" if prefix else str(key)


def _locate(base: object, heir: str, key: str) -> str:
    """The path of a base from the suite's root; raises InputError for a path outside the suite."""
    if not isinstance(base, str):
        raise InputError(
            f"a base must be a path, not {shown(base)}",
            file=heir,
            key=key,
            hint="give the path of a config, relative to this file",
        )
    path = posixpath.normpath(posixpath.join(posixpath.dirname(heir), base))
    if base.startswith(("/", "~")) or path.startswith("../") or "\0" in base:
        raise InputError(
            f"the base {shown(base)} lies outside the suite",
            file=heir,
            key=key,
            hint="give a file of the suite, relative to this one",
        )
    return path


def _siblings(path: str, files: Iterable[str]) -> list[str]:
    folder = posixpath.dirname(path)
    return sorted(
        f for f in files if posixpath.dirname(f) == folder and f.endswith(("yml", "yaml"))
    )
