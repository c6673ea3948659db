"""Resolves the inheritance of configs inside one revision, without a checkout."""

from __future__ import annotations

import functools
import itertools
import posixpath
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from compress import sizes
from compress.sizes import MAX_FILES, Size, size_of
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
    ``twin``: another revision, with which files and what is resolved from them are shared where
    they are the same.
    ``_failed``: why a config cannot be resolved, where a cycle or a chain is told from its own
    place; ``_broken``: why a file cannot be put together with its bases, whoever inherits from it.
    """

    files: Mapping[str, Entry]
    read: Callable[[str], bytes | None]
    dialect: Dialect
    twin: ConfigTree | None = None
    _documents: dict[str, Document | InputError] = field(default_factory=dict)
    _resolved: dict[str, Document] = field(default_factory=dict)
    _failed: dict[str, InputError] = field(default_factory=dict)
    _broken: dict[str, InputError] = field(default_factory=dict)
    _origins: dict[str, frozenset[str]] = field(default_factory=dict)
    _closures: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _sizes: dict[str, Size] = field(default_factory=dict)
    _total: Size = field(default_factory=Size)

    @functools.cached_property
    def code(self) -> str:
        """Hash of the suite's code, which workers run."""
        folders = tuple(f"{folder}/" for folder in self.dialect.code)
        return content_hash([(p, e.blob) for p, e in self.files.items() if p.startswith(folders)])

    def document(self, path: str) -> Document:
        """The file itself, parsed; raises InputError if it is missing, a link or not YAML."""
        if path not in self._documents:
            self._documents[path] = self._read_document(path)
        document = self._documents[path]
        if isinstance(document, InputError):
            raise replace(document)
        return document

    def _read_document(self, path: str) -> Document | InputError:
        entry = self.files.get(path)
        if self.twin is not None and entry is not None and entry == self.twin.files.get(path):
            with suppress(InputError):  # which may name files of that revision
                return self.twin.document(path)
        try:
            return parse_mapping(self._content(path), path)
        except InputError as error:
            return error

    def text(self, path: str) -> str | None:
        """The file's text; None if it is missing, a link or not UTF-8."""
        try:
            return self._content(path).decode()
        except (InputError, UnicodeDecodeError):
            return None

    def base_paths(self, path: str) -> list[str]:
        """Paths from the root of the files that ``path`` inherits from directly."""
        bases = self.dialect.bases(self.document(path))
        if len(bases) >= MAX_FILES:
            raise self._too_many_files(path)
        return [locate(base, path, self.dialect.base_key) for base in bases]

    def resolve(self, path: str) -> Document:
        """The content after inheritance; raises InputError for missing or cyclic bases, and for
        contents beyond the limits in ``compress.sizes``.
        """
        if path not in self._failed:
            try:
                return self._resolve(path, ())
            except InputError as error:
                self._failed[path] = error
        raise replace(self._failed[path])

    def _resolve(self, path: str, heirs: tuple[str, ...]) -> Document:
        if path in self._broken:
            raise replace(self._broken[path])
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
            bases, paths = [], self.base_paths(path)
            for base in paths:
                if base not in self.files:
                    raise InputError(
                        f"the base {base} does not exist",
                        file=path,
                        key=self.dialect.base_key,
                        given=base,
                        choices=self._siblings(base),
                        hint="correct the path; it is relative to this file",
                    )
                bases.append(self._resolve(base, (*heirs, path)))
            try:
                self._resolved[path] = self._combine(path, paths, bases)
            except InputError as error:
                self._broken[path] = error
                raise
        return self._resolved[path]

    def _combine(self, path: str, paths: list[str], bases: list[Document]) -> Document:
        """The content of a file over that of its bases, within the limits."""
        self._origins[path] = frozenset([path]).union(*(self._origins[base] for base in paths))
        if len(self._origins[path]) > MAX_FILES:
            raise self._too_many_files(path)
        combined = self._shared(path)
        if combined is None:
            try:
                combined = self.dialect.combine(self.document(path), bases)
            except InputError as error:
                error.file = error.file or path
                raise
            self._sizes[path] = self._size(path, paths, combined)
        self._count(path, self._sizes[path])
        return combined

    def _size(self, path: str, paths: list[str], combined: Document) -> Size:
        """The size of what a file and its bases combine to; at most what they have together, which
        is enough to know where that is little.
        """
        together = sum((self._sizes[base] for base in paths), size_of(self.document(path)))
        if together.exceeds(sizes.MAX_NODES // 10, sizes.MAX_CHARACTERS // 10):
            return size_of(combined)
        return together

    def _shared(self, path: str) -> Document | None:
        """What the twin resolves, if all files that it comes from are the same."""
        twin, origins = self.twin, self._origins[path]
        if twin is None or any(self.files[file] != twin.files.get(file) for file in origins):
            return None
        try:
            resolved = twin.resolve(path)
        except InputError:  # beyond the limits of that revision
            return None
        self._sizes[path] = twin._sizes[path]
        return resolved

    def _count(self, path: str, size: Size) -> None:
        """Raises InputError if a resolved config, or all of them together, are too large."""
        hint = "make the files smaller that it inherits from"
        if size.exceeds(sizes.MAX_NODES, sizes.MAX_CHARACTERS):
            problem = (
                f"has {size.nodes} values and {size.characters} characters with all that it "
                f"inherits; at most {sizes.MAX_NODES} and {sizes.MAX_CHARACTERS} are read"
            )
            raise InputError(problem, file=path, key=self.dialect.base_key, hint=hint)
        self._total += size
        if self._total.exceeds(sizes.MAX_TOTAL_NODES, sizes.MAX_TOTAL_CHARACTERS):
            problem = (
                "is not read, because the configs before it have more than "
                f"{sizes.MAX_TOTAL_NODES} values or {sizes.MAX_TOTAL_CHARACTERS} characters "
                "with all that they inherit"
            )
            raise InputError(problem, file=path, key=self.dialect.base_key, hint=hint)

    def _too_many_files(self, path: str) -> InputError:
        return InputError(
            f"inherits from {MAX_FILES} files or more",
            file=path,
            key=self.dialect.base_key,
            hint="join some of its bases into one file",
        )

    def closure(self, path: str) -> Mapping[str, tuple[str, ...]]:
        """The files that ``path`` inherits from, itself included, with the files in between: the
        nearest, as many as a config may have, and no chain longer than one may be.
        """
        if path not in self._closures:
            self._closures[path] = self._closure(path)
        return self._closures[path]

    def _closure(self, path: str) -> Mapping[str, tuple[str, ...]]:
        chains: dict[str, tuple[str, ...]] = {path: ()}
        queue = [path]
        while queue:
            heir = queue.pop(0)
            chain = (*chains[heir], heir) if heir != path else ()
            for base in self.readable_bases(heir) if len(chain) < MAX_CHAIN else ():
                if base not in chains and len(chains) < MAX_FILES:
                    chains[base] = chain
                    queue.append(base)
        return chains

    def readable_bases(self, path: str) -> list[str]:
        """The files that ``path`` inherits from directly; none if it cannot be read."""
        try:
            return self.base_paths(path)
        except InputError:
            return []

    def _siblings(self, path: str) -> list[str]:
        """The YAML files in the folder of a path: one list, however many errors name it."""
        return self._folders.get(posixpath.dirname(path), [])

    @functools.cached_property
    def _folders(self) -> dict[str, list[str]]:
        return _by_folder(self.files)

    def _content(self, path: str) -> bytes:
        entry = self.files.get(path)
        if entry is None:
            raise InputError(
                "no such file in this revision",
                file=path,
                choices=self._siblings(path),
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
                "its content is missing from the repository, or is too large to be read",
                file=path,
                hint="split a large file; fetch what a partial clone left out: "
                "git fetch --refetch --no-filter",
            )
        return content


def locate(base: object, heir: str, key: str) -> str:
    """The path of a base from the suite's root. Raises InputError for a path outside the suite, and
    for one that shortening would change: the suites open paths as they are written.
    """
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
    names = itertools.dropwhile(lambda part: part in ("", ".", ".."), base.split("/"))
    if base.endswith(("/", "/.")) or ".." in names:
        raise InputError(
            f"the base {shown(base)} is not a plain path",
            file=heir,
            key=key,
            hint="write it without .. after a name, and without a slash at the end",
        )
    return path


def _by_folder(files: Iterable[str]) -> dict[str, list[str]]:
    """The YAML files of each folder, in order."""
    folders: dict[str, list[str]] = {}
    for file in sorted(files):
        if file.endswith(("yml", "yaml")):
            folders.setdefault(posixpath.dirname(file), []).append(file)
    return folders
