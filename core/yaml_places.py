"""Finds the line of a value in a YAML text."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from core.yaml_bounds import LOADER


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line, from 1, of the key or item at the path; None if there is none. ``text`` is known to
    be a document that ``core.safe_yaml`` reads. Of equal keys the last counts, as it does there.
    """
    node, line = yaml.compose(text, Loader=LOADER), None
    for part in path:
        found = _inner(node, part)
        if found is None:
            return None
        place, node = found
        line = place.start_mark.line + 1
    return line


def _inner(node: yaml.Node | None, part: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node that names a part, an item itself in a list, and that of its value."""
    if isinstance(node, yaml.MappingNode):
        pairs = [pair for pair in node.value if getattr(pair[0], "value", None) == part]
        return pairs[-1] if pairs else None
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)], node.value[int(part)]
    return None
