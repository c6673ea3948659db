"""Which definitions of a Python file differ between two revisions."""

from __future__ import annotations

from compress.suites.code.definitions import (
    IMPORTS,
    MODULE,
    CodeFile,
    Definition,
    fingerprints,
    read_code_file,
)


def changed_names(old: bytes | None, new: bytes | None) -> frozenset[str] | None:
    """The definitions that differ, those that mean something else because an import differs, and
    all if the file does something else when it is imported; ``IMPORTS`` if it imports something
    else. Contents are None where the file is missing; all definitions of one side count as changed
    if only the other cannot be read. None if none can.
    """
    before, after = (
        read_code_file(content) if content is not None else None for content in (old, new)
    )
    if before is None and after is None:
        return frozenset() if old is None and new is None else None
    before, after = before or CodeFile(), after or CodeFile()
    old_prints, new_prints = (
        fingerprints(content) or {} if content else {} for content in (old, new)
    )
    every = old_prints.keys() | new_prints.keys()
    changed = frozenset(name for name in every if old_prints.get(name) != new_prints.get(name))
    if before.loads != after.loads:
        changed |= {IMPORTS}
    if MODULE in changed or set(before.stars) != set(after.stars):
        return changed | every
    imported = before.imports.keys() | after.imports.keys()
    moved = {name for name in imported if before.imports.get(name) != after.imports.get(name)}
    files = (before, after) if moved else ()
    return changed | {
        name
        for file in files
        for name, definition in file.definitions.items()
        if _names(definition) & moved
    }


def _names(definition: Definition) -> set[str]:
    """The names with which the dotted ones begin."""
    always, training = definition.always, definition.training
    dotted = always.names | training.names | always.asked | training.asked | definition.bases
    return {name.partition(".")[0] for name in dotted}
