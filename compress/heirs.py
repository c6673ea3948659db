"""Finds the configs that inherit from changed files, most of them without parsing."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from compress.resolve import ConfigTree, locate
from core.errors import InputError
from core.yaml_bounds import MAX_BYTES

_PLAIN = r"[A-Za-z0-9_./+-]+"
_ITEM = rf"""(?:'{_PLAIN}'|"{_PLAIN}"|{_PLAIN})"""
"""A path that means itself with and without quotes."""
_NOTHING = re.compile(r"(?: *(?:#.*)?\n)*(?: *#.*)?")
"""Lines without a value; the last one can end with the text."""
_START = re.compile(r"--- *(?:#.*)?\n")
_KEY = re.compile(r"[A-Za-z_]\w*:|\Z")


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
    of a line of a block mapping, before plain paths and another key, these are all that there can
    be, whatever stands around it. A text that is too large is read by nobody.
    """
    if text is None or len(text) > MAX_BYTES:
        return ()
    count = text.count(key)
    if "\\" in text or count > 1:
        return None
    if not count:
        return ()
    match = _written(key).search(text) if text.isascii() and _begins_key(text, 0) else None
    if match is None or not _begins_key(text, match.end()):
        return None
    items = re.findall(_ITEM, match["items"])
    return tuple(dict.fromkeys(item.strip("'\"") for item in items))


def _begins_key(text: str, position: int) -> bool:
    """Whether a key at the margin comes next, as in a mapping that is no flow collection, or none
    any more. ``position``: of the start or end of a line.
    """
    for idle in (_NOTHING, _START, _NOTHING):
        match = idle.match(text, position)
        position = position if match is None else match.end()
    return _KEY.match(text, position) is not None


@functools.lru_cache
def _written(key: str) -> re.Pattern[str]:
    gap = r"[ \n]*"
    items = rf"\[{gap}(?:{_ITEM}{gap},{gap})*(?:{_ITEM}{gap})?\]|{_ITEM}"
    return re.compile(rf"^{re.escape(key)}: *(?P<items>{items}) *(?:#.*)?$", re.MULTILINE)
