"""Finds the line of a value in a YAML text."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from core.yaml_bounds import LOADER, place_of


class Places:
    """The places in a text, which is known to be a document that ``core.safe_yaml`` reads."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = yaml.compose(text, Loader=LOADER)

    def line_of(self, path: Sequence[str]) -> int | None:
        """The line, from 1, of the key or item at the path, or of the last part of it that is
        there; None if not even its first is. Of equal keys the last counts, as it does in a
        document.
        """
        node, line = self._root, None
        for part in path:
            found = _inner(node, part)
            if found is None:
                break
            place, node = found
            line = place_of(place.start_mark.index, self._text)[0]
        return line


def item_of(values: Sequence[object], part: str) -> int | None:
    """The index that a part of a path means in a list; None if it means none."""
    is_index = part.isascii() and part.isdecimal() and len(part) < len("1000000")
    return int(part) if is_index and int(part) < len(values) else None


def _inner(node: yaml.Node | None, part: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node that names a part, an item itself in a list, and that of its value."""
    if isinstance(node, yaml.MappingNode):
        pairs = [pair for pair in node.value if getattr(pair[0], "value", None) == part]
        return pairs[-1] if pairs else None
    if isinstance(node, yaml.SequenceNode):
        index = item_of(node.value, part)
        return None if index is None else (node.value[index], node.value[index])
    return None
