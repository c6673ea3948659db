"""YAML text with the place of every key and value, for findings that point at and edit them."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from compress.doctor.nodes import MeantKey, Pair, Token, all_nodes, pairs_by_key, scalar_tokens
from core.errors import MAX_SHOWN, InputError, shorten
from core.files import read_file
from core.finding import Edit
from core.safe_yaml import MAX_BYTES, parse_mapping, unreadable
from core.yaml_bounds import place_of

Where = tuple[str | int, ...]
"""A path into a document: keys of mappings and indices of lists."""
BOM = "\ufeff"


@dataclass(frozen=True)
class Span:
    """A stretch of the text. ``line`` and ``column`` count from 1 and lines end at line feeds, as
    in git and editors; offsets count from 0 in characters.
    """

    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True)
class Slip:
    """Something written that certainly means something else: ``kind`` says in what."""

    where: Where
    written: Any
    meant: Any
    kind: Literal["section", "key", "number", "null", "form", "word", "class"]


@dataclass(frozen=True)
class YamlText:
    """``data`` holds plain values, ``root`` the same content as YAML nodes with their places.
    Where the text was read as it was meant, ``slips`` lists the differences and ``as_written`` is
    the reading without them.
    """

    file: str
    text: str
    data: dict[str, Any]
    root: yaml.MappingNode
    slips: tuple[Slip, ...] = ()
    as_written: YamlText | None = None

    def key_span(self, where: Where) -> Span | None:
        """Place of a key, for an item of a list that of the item; None if it is absent."""
        place = self._find(where)
        if place is None:
            return None
        key, value = place
        return self._span(value if key is None else key)

    def value_span(self, where: Where) -> Span | None:
        """Place of a value; None if it is absent."""
        place = self._find(where)
        return self._span(place[1]) if place else None

    def rename(self, where: Where, name: str) -> Edit | None:
        """Edit that renames a key, in its quotes; None if it is absent, a list's item, or on
        several lines.
        """
        place = self._find(where)
        return self._edit(place[0], name, quoted=True) if place and place[0] else None

    def replace(self, where: Where, text: str, *, quoted: bool = False) -> Edit | None:
        """Edit that replaces a scalar and leaves its anchor, its tag and its comment alone;
        ``quoted`` keeps its quotes. None if it is absent, no scalar, or on several lines.
        """
        place = self._find(where)
        return self._edit(place[1], text, quoted) if place else None

    def spelling(self, where: Where) -> Where:
        """The path with its keys as the file spells them."""
        spelt: list[str | int] = []
        for length, part in enumerate(where, 1):
            place = self._find(where[:length])
            key = place[0] if place else None
            spelt.append(key.written if isinstance(key, MeantKey) else part)
        return tuple(spelt)

    def _edit(self, node: yaml.Node, text: str, quoted: bool) -> Edit | None:
        token = self._tokens.get(node.end_mark.index)
        if token is None or not token.one_line or not isinstance(node, yaml.ScalarNode):
            return None
        quote = token.quote if quoted else ""
        return Edit(start=token.start, end=token.end, text=f"{quote}{text}{quote}")

    def _find(self, where: Where) -> tuple[yaml.Node | None, yaml.Node] | None:
        """The nodes of the key (None in lists) and of the value; None if the path is absent."""
        key: yaml.Node | None = None
        node: yaml.Node = self.root
        for part in where:
            if isinstance(node, yaml.MappingNode):
                pair = self._pairs(node).get(str(part))
                if pair is None:
                    return None
                key, node = pair
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                if part >= len(node.value):
                    return None
                key, node = None, node.value[part]
            else:
                return None
        return key, node

    def _pairs(self, node: yaml.MappingNode) -> dict[str, Pair]:
        if id(node) not in self._indexed:
            self._indexed[id(node)] = pairs_by_key(node)
        return self._indexed[id(node)]

    def line_of(self, offset: int) -> int:
        """The line in which a character stands, from 1."""
        return bisect.bisect_right(self._line_starts, offset)

    def _span(self, node: yaml.Node) -> Span:
        start: int = node.start_mark.index
        line = self.line_of(start)
        first = self._line_starts[line - 1]
        hidden = line == 1 and self.text.startswith(BOM)
        return Span(line, max(1, start - first + 1 - hidden), start, node.end_mark.index)

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *itertools.accumulate(lengths)][:-1]

    @cached_property
    def _tokens(self) -> dict[int, Token]:
        return scalar_tokens(self.text)

    @cached_property
    def _indexed(self) -> dict[int, dict[str, Pair]]:
        return {}


def parse_text(text: str, file: str) -> YamlText:
    """The document with its places; raises InputError unless it is a mapping of plain values that
    PaddleSlim's reader, PyYAML's own parser, takes too.
    """
    try:
        data = parse_mapping(text, file)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise unreadable(error, text, file) from error
    except InputError as error:
        raise _placed(error, text) from error
    _refuse_tags(root, text, file)
    if not isinstance(root, yaml.MappingNode):
        root = yaml.MappingNode("tag:yaml.org,2002:map", [], yaml.Mark(file, 0, 0, 0, None, 0))
        root.end_mark = root.start_mark
    return YamlText(file, text, data, root)


def _refuse_tags(root: yaml.Node | None, text: str, file: str) -> None:
    """Raises InputError for a local tag, which a suite's configs may have and a recipe may not."""
    for node in all_nodes(root):
        if node.tag.startswith("!"):
            place = place_of(node.start_mark.index, text)
            raise InputError(
                f"PaddleSlim cannot read the tag {shorten(node.tag, MAX_SHOWN)} (line {place[0]}, "
                f"column {place[1]})",
                file=file,
                hint="delete the tag",
                code="not-plain",
                place=place,
            )


def _placed(error: InputError, text: str) -> InputError:
    """The error with the place of its key, such as that of a number that is not finite."""
    if error.key is None or error.place is not None:
        return error
    error = replace(error, message=f"{error.key}: {error.message}")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return error
    where = tuple(int(part) if part.isdecimal() else part for part in str(error.key).split("."))
    if not isinstance(root, yaml.MappingNode):
        return error
    span = YamlText("", text, {}, root).value_span(where)
    return replace(error, place=(span.line, span.column) if span else None)


def load_text(path: Path) -> YamlText:
    """Reads a YAML file, its line ends as they are; raises InputError."""
    content = read_file(path, MAX_BYTES)
    try:
        return parse_text(content.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8"
        raise InputError("not UTF-8 text", file=str(path), hint=hint) from error


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text after all edits; of two that overlap, the first in the list wins."""
    accepted: list[Edit] = []
    for edit in edits:
        place = bisect.bisect_right(accepted, edit.start, key=lambda earlier: earlier.start)
        before = place == 0 or accepted[place - 1].end <= edit.start
        after = place == len(accepted) or edit.end <= accepted[place].start
        if before and after:
            accepted.insert(place, edit)
    parts, end = [], 0
    for edit in accepted:
        parts += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*parts, text[end:]])
