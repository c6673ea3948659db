"""Finds the names under which a suite registers classes, by reading its code without running it.

Both suites register with decorators: PaddleSeg with ``@manager.KIND.add_component``
(``paddleseg/cvlibs/manager.py``), PaddleDetection with ``@register`` for what is built by name
(``ppdet/core/workspace.py``) and ``@serializable`` for what YAML builds from a tag
(``ppdet/core/config/yaml_helpers.py``), also through decorators of its own that call these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from compress.suites.decorated import read_module


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
    ``given``: names that the suite takes from Paddle instead, by kind.
    """

    words: tuple[bytes, ...]
    read: Callable[[str, str], Registration | None]
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
            (*self.files, file),
        )


@dataclass(frozen=True)
class Registry:
    """The names that a suite's code registers. ``unread``: files that could not be read; with any,
    a missing name proves nothing.
    """

    names: Mapping[str, RegisteredName]
    unread: tuple[str, ...] = ()

    def kinds(self, name: str) -> frozenset[str]:
        """The kinds of things that have the name; empty for an unknown one."""
        return self.names.get(name, RegisteredName()).kinds

    def of_kind(self, kind: str) -> frozenset[str]:
        """The names of one kind."""
        return frozenset(name for name, entry in self.names.items() if kind in entry.kinds)

    def by_name(self) -> frozenset[str]:
        """The names that the suite builds where a config gives them."""
        return frozenset(name for name, entry in self.names.items() if entry.by_name)

    def tags(self) -> frozenset[str]:
        """The tags (without ``!``) that YAML builds."""
        return frozenset(name for name, entry in self.names.items() if entry.by_tag)


def read_registry(files: Mapping[str, bytes | None], registrars: Registrars) -> Registry:
    """The registry of Python files by path; nothing of them is run. None stands for a file that is
    missing or too large.
    """
    modules = {file: read_module(files[file], registrars.words) for file in sorted(files)}
    read = {file: module for file, module in modules.items() if module is not None}
    wrappers = {
        name: decorators
        for file, module in read.items()
        for name, calls in module.wrappers.items()
        if (decorators := [call for call in calls if registrars.read(call, file)])
    }
    names: dict[str, RegisteredName] = {}
    for file, module in read.items():
        for name, decorator in module.decorated:
            for registrar in wrappers.get(decorator.rpartition(".")[2], [decorator]):
                registration = registrars.read(registrar, file)
                if registration is not None:
                    entry = names.get(name, RegisteredName())
                    names[name] = entry.with_registration(registration, file)
    for kind, given in registrars.given.items():
        for name in given:
            entry = names.get(name, RegisteredName())
            names[name] = replace(entry, kinds=entry.kinds | {kind})
    return Registry(names, tuple(file for file in modules if file not in read))
