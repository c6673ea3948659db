"""Finds the configs that inherit from changed files, most of them without parsing."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from compress.resolve import ConfigTree, locate
from core.errors import InputError

PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
"""A path that means itself with and without quotes."""


def find_heirs(
    tree: ConfigTree, paths: Iterable[str], changed: Collection[str] | Callable[[str], bool]
) -> frozenset[str]:
    """Those of the paths that are changed or may inherit from a changed file, or from one of which
    ``changed`` says so; none that does is missing.
    """
    heirs_of: defaultdict[str, list[str]] = defaultdict(list)
    wanted = [path for path in paths if path in tree.files]
    seen, pending = set(wanted), list(wanted)
    while pending:
        heir = pending.pop()
        for base in _possible_bases(tree, heir):
            heirs_of[base].append(heir)
            if base not in seen:
                seen.add(base)
                pending.append(base)
    start = changed if isinstance(changed, Collection) else filter(changed, seen)
    reached = set(start)
    pending = list(reached)
    while pending:
        new = set(heirs_of[pending.pop()]) - reached
        reached |= new
        pending += new
    return frozenset(path for path in wanted if path in reached)


def _possible_bases(tree: ConfigTree, path: str) -> Collection[str]:
    """At least the paths of the files that ``path`` inherits from directly."""
    names = scan_bases(tree.text(path), tree.dialect.base_key)
    if names is None:
        return tree.readable_bases(path)
    return [base for name in names if (base := _located(name, path, tree)) is not None]


def _located(name: str, heir: str, tree: ConfigTree) -> str | None:
    try:
        return locate(name, heir, tree.dialect.base_key)
    except InputError:
        return None


def scan_bases(text: str | None, key: str) -> tuple[str, ...] | None:
    """At least the bases that a document names, as it writes them; None if only parsing tells.

    Without escapes, what names the bases holds the key as it is. Where it occurs once, at the start
    of a line and before plain paths, these are all that there can be, whatever stands around it.
    """
    if text is None:
        return ()
    count = text.count(key)
    if "\\" in text or count > 1:
        return None
    if not count:
        return ()
    match = _written(key).search(text)
    if match is None or _goes_on(text[match.end() :]):
        return None
    written = match["item"] if match["list"] is None else match["list"]
    items = [item.strip().strip("'\"") for item in written.split(",")]
    names = tuple(filter(None, items))
    return names if all(map(PLAIN.fullmatch, names)) else None


@functools.lru_cache
def _written(key: str) -> re.Pattern[str]:
    item = r"""(?P<item>[^\s\[\],]+)"""
    return re.compile(
        rf"^{re.escape(key)}: *(?:\[(?P<list>[^\[\]#:{{}}&*!|>]*)\]|{item}) *(?:#.*)?$",
        re.MULTILINE,
    )


def _goes_on(rest: str) -> bool:
    """Whether the next line with text belongs to the same value."""
    return re.match(r"(?:[ \t\r]*\n)*[ \t]+\S", rest) is not None
