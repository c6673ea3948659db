"""Finds the names under which a suite registers classes, by reading its code without running it.

Both suites register with decorators: PaddleSeg with ``@manager.KIND.add_component``
(``paddleseg/cvlibs/manager.py``), PaddleDetection with ``@register`` for what is built by name
(``ppdet/core/workspace.py``) and ``@serializable`` for what YAML builds from a tag
(``ppdet/core/config/yaml_helpers.py``), also through decorators of its own that call these.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from compress.suites.decorated import Module, parse_module


class ReadModule(Protocol):
    """Reads a file that registers something only if it has one of the words, or is ``public``."""

    def __call__(
        self, content: bytes | None, words: tuple[bytes, ...], *, public: bool
    ) -> Module | None: ...


MAX_NAMES = 5000
"""Both suites have less than 500. An unknown name is compared with all of them."""


@dataclass(frozen=True)
class Registration:
    """What one decorator does to a class. ``kind``: backbone, transform, dataset, …; ``by_name``:
    the suite builds it where a config gives its name; ``by_tag``: YAML builds it from its tag.
    """

    kind: str
    by_name: bool = False
    by_tag: bool = False


@dataclass(frozen=True)
class Registrars:
    """How a suite registers. ``words``: a file without any of them registers nothing itself;
    ``read(decorator, file)``: what the dotted name does, None if it registers nothing;
    ``public``: folders whose public classes can be named although they are not registered, with the
    kind that these become; ``given``: names that the suite takes from Paddle instead, by kind.
    """

    words: tuple[bytes, ...]
    read: Callable[[str, str], Registration | None]
    public: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisteredName:
    """All that is registered under one name, in whichever files."""

    kinds: frozenset[str] = frozenset()
    by_name: bool = False
    by_tag: bool = False
    files: tuple[str, ...] = ()

    def with_registration(self, registration: Registration, file: str) -> RegisteredName:
        """The same with one registration more."""
        return RegisteredName(
            self.kinds | {registration.kind},
            self.by_name or registration.by_name,
            self.by_tag or registration.by_tag,
            self.files if file in self.files else (*self.files, file),
        )


@dataclass(frozen=True)
class Registry:
    """The names that a suite's code registers. ``unread``: files that could not be read; with any,
    or with more names than ``MAX_NAMES``, a missing name proves nothing.
    """

    names: Mapping[str, RegisteredName]
    unread: tuple[str, ...] = ()
    _of_kinds: dict[tuple[str, ...], frozenset[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def is_complete(self) -> bool:
        """Whether a name that is missing here is missing from the suite."""
        return not self.unread and len(self.names) <= MAX_NAMES

    def kinds(self, name: str) -> frozenset[str]:
        """The kinds of things that have the name; empty for an unknown one."""
        return self.names.get(name, RegisteredName()).kinds

    def of_kind(self, *kinds: str) -> frozenset[str]:
        """The names of these kinds."""
        if kinds not in self._of_kinds:
            names = (self._by_kind.get(kind, ()) for kind in kinds)
            self._of_kinds[kinds] = frozenset[str]().union(*names)
        return self._of_kinds[kinds]

    def by_name(self) -> frozenset[str]:
        """The names that the suite builds where a config gives them."""
        return self._by_name

    def tags(self) -> frozenset[str]:
        """The tags (without ``!``) that YAML builds."""
        return self._tags

    @functools.cached_property
    def _by_kind(self) -> Mapping[str, Collection[str]]:
        kinds = {kind for entry in self.names.values() for kind in entry.kinds}
        return {k: [name for name, entry in self.names.items() if k in entry.kinds] for k in kinds}

    @functools.cached_property
    def _by_name(self) -> frozenset[str]:
        return frozenset(name for name, entry in self.names.items() if entry.by_name)

    @functools.cached_property
    def _tags(self) -> frozenset[str]:
        return frozenset(name for name, entry in self.names.items() if entry.by_tag)


def read_registry(
    files: Mapping[str, bytes | None], registrars: Registrars, read: ReadModule = parse_module
) -> Registry:
    """The registry of Python files by path; nothing of them is run. None stands for a file that is
    missing or too large.
    """
    folders = tuple(registrars.public)
    modules = {
        file: read(files[file], registrars.words, public=file.startswith(folders))
        for file in sorted(files)
    }
    known = {file: module for file, module in modules.items() if module is not None}
    wrappers = {
        name: decorators
        for file, module in known.items()
        for name, calls in module.wrappers.items()
        if (decorators := [call for call in calls if registrars.read(call, file)])
    }
    names: dict[str, RegisteredName] = {}
    for file, module in known.items():
        for name, registration in _registrations(module, file, registrars, wrappers):
            entry = names.get(name, RegisteredName())
            names[name] = entry.with_registration(registration, file)
    for kind, given in registrars.given.items():
        for name in given:
            entry = names.get(name, RegisteredName())
            names[name] = replace(entry, kinds=entry.kinds | {kind})
    return Registry(names, tuple(file for file in modules if file not in known))


def _registrations(
    module: Module, file: str, registrars: Registrars, wrappers: Mapping[str, list[str]]
) -> Iterator[tuple[str, Registration]]:
    """Each name of a file with what its decorators do, and the file's public classes."""
    for name, decorator in module.decorated:
        for registrar in wrappers.get(decorator.rpartition(".")[2], [decorator]):
            registration = registrars.read(registrar, file)
            if registration is not None:
                yield name, registration
    for folder, kind in registrars.public.items():
        if file.startswith(folder):
            yield from ((name, Registration(kind)) for name in module.public)
