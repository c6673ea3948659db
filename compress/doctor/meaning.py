"""Reads a recipe as it was meant: with slips of names and numbers put right.

Rules see this reading. So everything that is wrong with a recipe is found at once, and a fix, which
only writes down what was meant, uncovers nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import yaml

from compress.doctor.nodes import MeantKey, key_text, merged_pairs, pairs_by_key, written_pairs
from compress.doctor.text import Slip, Where, YamlText
from compress.recipes.act import SECTIONS
from compress.recipes.paddle_classes import PLACES
from compress.recipes.slips import certain_class, certain_key, certain_section, fields_at
from compress.recipes.values import meant_at, words_at

LARGE = 100
"""Tables with more keys than this are read as they are written."""


def read_as_meant(recipe: YamlText) -> YamlText:
    """The recipe with every certain slip put right in ``data`` and in the names of ``root``."""
    if recipe.as_written is not None:
        return recipe
    slips: list[Slip] = []
    names = _section_names(recipe)
    slips += [Slip((meant,), name, meant, "section") for name, meant in names.items()]
    data = {names.get(name, name): content for name, content in recipe.data.items()}
    root = _renamed(recipe.root, names)
    nodes, changed = _values(root), {}
    for name in SECTIONS:
        if name in data and name != "Global":
            data[name], node = _table((name,), data[name], nodes.get(name), slips)
            if node is not None:
                changed[name] = node
    root = _with_values(root, changed)
    return replace(recipe, data=data, root=root, slips=tuple(slips), as_written=recipe)


def _section_names(recipe: YamlText) -> dict[str, str]:
    siblings = recipe.data.keys()
    meant = {
        name: certain_section(name, content, siblings)
        for name, content in recipe.data.items()
        if len(recipe.data) <= LARGE
    }
    return _single(recipe.root, {name: other for name, other in meant.items() if other})


def _single(node: yaml.Node | None, names: dict[str, str]) -> dict[str, str]:
    """Without names that stand in the mapping several times, or for the same name."""
    pairs = written_pairs(node) if isinstance(node, yaml.MappingNode) else []
    written = Counter(key_text(key) for key, _ in pairs)
    targets = Counter(names.values())
    return {k: v for k, v in names.items() if written[k] <= 1 and targets[v] == 1}


def _table(
    where: Where, data: Any, node: yaml.Node | None, slips: list[Slip]
) -> tuple[Any, yaml.Node | None]:
    """Content of a section, or a table, list or scalar within it, as it was meant."""
    if isinstance(data, list):
        return [_table((*where, i), item, None, slips)[0] for i, item in enumerate(data)], node
    if not isinstance(data, dict):
        return _scalar(where, data, slips), node
    names = _key_names(where, data, node)
    slips += [Slip((*where, meant), name, meant, "key") for name, meant in names.items()]
    renamed: dict[str, Any] = {_meant(names, key): value for key, value in data.items()}
    meant_node = _renamed(node, names)
    nodes = _values(meant_node)
    changed: dict[str, yaml.Node] = {}
    for key in renamed:
        inner = nodes.get(key)
        renamed[key], meant_inner = _table((*where, key), renamed[key], inner, slips)
        if meant_inner is not inner and meant_inner is not None:
            changed[key] = meant_inner
    return renamed, _with_values(meant_node, changed)


def _meant(names: dict[str, str], key: str) -> str:
    return names.get(key, key)


def _key_names(where: Where, data: dict[str, Any], node: yaml.Node | None) -> dict[str, str]:
    if fields_at(where) is None or len(data) > LARGE:
        return {}
    meant = {key: certain_key(where, key, value, data.keys()) for key, value in data.items()}
    return _single(node, {key: other for key, other in meant.items() if other})


def _scalar(where: Where, value: Any, slips: list[Slip]) -> Any:
    classes = PLACES.get(tuple(str(part) for part in where[:-1])) if where[-1] == "type" else None
    if classes is not None and isinstance(value, str):
        name = certain_class(value, classes.keys())
        if name is not None:
            slips.append(Slip(where, value, name, "class"))
        return name or value
    meant = meant_at(value, where)
    if meant is value:
        return value
    if meant is None:
        slips.append(Slip(where, value, meant, "null"))
    elif isinstance(value, str):
        slips.append(Slip(where, value, meant, "word" if words_at(where) else "number"))
    else:
        slips.append(Slip(where, value, meant, "form"))
    return meant


def _renamed(node: yaml.Node | None, names: dict[str, str]) -> Any:
    """The mapping with other names for keys; merged mappings become part of it."""
    if not names or not isinstance(node, yaml.MappingNode):
        return node
    pairs = [
        (MeantKey(key, names[key_text(key)]) if key_text(key) in names else key, value)
        for key, value in merged_pairs(node)
    ]
    return _mapping(node, pairs)


def _with_values(node: Any, changed: dict[str, yaml.Node]) -> Any:
    """The mapping with other values for some keys."""
    if not changed or not isinstance(node, yaml.MappingNode):
        return node
    pairs = [(key, changed.get(key_text(key), value)) for key, value in merged_pairs(node)]
    return _mapping(node, pairs)


def _mapping(node: yaml.MappingNode, pairs: list[Any]) -> yaml.MappingNode:
    return yaml.MappingNode(node.tag, pairs, node.start_mark, node.end_mark, node.flow_style)


def _values(node: Any) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {name: value for name, (_, value) in pairs_by_key(node).items()}
