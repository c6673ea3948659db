"""YAML nodes of a document: the text of keys, merged mappings, and the tokens of scalars."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

MERGE = "tag:yaml.org,2002:merge"
Pair = tuple[yaml.Node, yaml.Node]
"""Key and value."""


class MeantKey(yaml.ScalarNode):
    """A key that stands for another name; ``written`` is what the file says."""

    def __init__(self, written: yaml.Node, meant: str) -> None:
        super().__init__("tag:yaml.org,2002:str", meant, written.start_mark, written.end_mark)
        self.written = key_text(written)


class Token:
    """Where a scalar stands without its anchor and tag; ``quote`` is empty for a plain one."""

    def __init__(self, token: yaml.ScalarToken) -> None:
        self.start: int = token.start_mark.index
        self.end: int = token.end_mark.index
        self.quote: str = "" if token.plain else str(token.style)
        self.one_line: bool = token.start_mark.line == token.end_mark.line


def key_text(node: yaml.Node) -> str:
    """A key as it is in the loaded data: ``0x10`` is ``16`` there."""
    if isinstance(node, yaml.ScalarNode) and node.tag != "tag:yaml.org,2002:str":
        try:
            return str(yaml.SafeLoader("").construct_object(node))
        except (yaml.YAMLError, ValueError):
            return str(node.value)
    return str(getattr(node, "value", ""))


def written_pairs(node: yaml.MappingNode) -> list[Pair]:
    """The pairs that stand in the mapping itself, without merge keys."""
    return [pair for pair in node.value if pair[0].tag != MERGE]


def merged_pairs(node: yaml.MappingNode) -> Iterator[Pair]:
    """All pairs of a mapping in the order in which later ones override earlier ones, those of
    merged mappings (``<<``) first.
    """
    for key, value in node.value:
        if key.tag == MERGE:
            sources = value.value[::-1] if isinstance(value, yaml.SequenceNode) else [value]
            for source in sources:
                if isinstance(source, yaml.MappingNode):
                    yield from merged_pairs(source)
    yield from written_pairs(node)


def pairs_by_key(node: yaml.MappingNode) -> dict[str, Pair]:
    """The pair that counts for each key."""
    return {key_text(key): (key, value) for key, value in merged_pairs(node)}


def all_nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node once, however many aliases it has."""
    pending, seen = [] if root is None else [root], set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            pending += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            pending += reversed(node.value)


def scalar_tokens(text: str) -> dict[int, Token]:
    """Every scalar's token by the offset at which it ends."""
    tokens = (token for token in yaml.scan(text, Loader=yaml.SafeLoader))
    return {
        token.end_mark.index: Token(token)
        for token in tokens
        if isinstance(token, yaml.ScalarToken)
    }
