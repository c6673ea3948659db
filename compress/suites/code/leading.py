"""Finds the names that can lead to a definition, by names alone: more than do, and none less.

Walking from each of hundreds of models takes longer than reading all code. A model uses only what
one of these names leads to, so that a config without any of them need not be looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from compress.suites.code.definitions import MODULE, CodeFile, Definition
from compress.suites.code.graph import CodeGraph, Symbol
from core.yaml_bounds import MAX_BYTES

WORD = re.compile(r"\w+")


def names_leading_to(
    symbols: Collection[Symbol], graph: CodeGraph, built: Mapping[str, frozenset[Symbol]]
) -> frozenset[str]:
    """The names of what mentions one of the symbols, of what mentions that, and so on. ``built``:
    the classes by the names under which configs find them.
    """
    mentioned_by = _mentioned_by(graph)
    reached: set[str] = set()
    pending = {_owner(symbol) for symbol in symbols} | _built_from(symbols, built)
    names_of = _names_of_owners(built)
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending |= (mentioned_by.get(name, set()) | names_of.get(name, set())) - reached
    return frozenset(reached - {""})


def _mentioned_by(graph: CodeGraph) -> Mapping[str, set[str]]:
    """By name, the top-level names of what mentions it, and the aliases that it gets."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for file in graph.files.values():
        for name, definition in file.definitions.items():
            mentioned = frozenset(_mentions(definition))
            leading = {name.partition(".")[0]}
            if name == MODULE:  # which runs for what it does something with, and with all of a file
                leading = {*mentioned, *(other.partition(".")[0] for other in file.definitions)}
            for other in mentioned:
                users[other] |= leading
        for alias, name in _aliases(file):
            users[name].add(alias)
    return users


def _mentions(definition: Definition) -> Iterator[str]:
    for mentions in (definition.always, definition.training):
        for dotted in mentions.names | mentions.asked:
            yield from dotted.split(".")
        yield from mentions.texts
    yield from frozenset[str]().union(*definition.defaults.values())


def _aliases(file: CodeFile) -> Iterator[tuple[str, str]]:
    """What a file imports under another name, with all parts of its own."""
    pairs = ((alias, item) for alias, items in file.imports.items() for item in items)
    for alias, imported in pairs:
        for part in (*imported.module.split("."), imported.name or ""):
            if part != alias:
                yield alias, part


def _built_from(symbols: Collection[Symbol], built: Mapping[str, frozenset[Symbol]]) -> set[str]:
    return {name for name, classes in built.items() if not classes.isdisjoint(symbols)}


def _names_of_owners(built: Mapping[str, frozenset[Symbol]]) -> Mapping[str, set[str]]:
    """The names under which configs find a class, by that of the class."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, classes in built.items():
        for owner in map(_owner, classes):
            names[owner].add(name)
    return names


def _owner(symbol: Symbol) -> str:
    return symbol.name.partition(".")[0]


def can_name(names: frozenset[str], text: str | None) -> bool:
    """Whether one of the names can occur in a text; with escapes (of tags, too), any can, and in
    one that is too large to be read none.
    """
    return (
        text is not None
        and len(text) <= MAX_BYTES
        and (not {"\\", "%"}.isdisjoint(text) or not names.isdisjoint(WORD.findall(text)))
    )
