"""YAML text with the place of every key and value, for findings that point at and edit them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import InputError
from core.finding import Edit
from core.safe_yaml import MAX_BYTES, parse_mapping

Where = tuple[str | int, ...]
"""A path into a document: keys of mappings and indices of lists."""


@dataclass(frozen=True)
class Span:
    """A stretch of the text. ``line`` and ``column`` count from 1, offsets from 0 in characters."""

    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True)
class YamlText:
    """``data`` holds plain values, ``root`` the same content as YAML nodes with their places."""

    file: str
    text: str
    data: dict[str, Any]
    root: yaml.MappingNode

    def key_span(self, where: Where) -> Span | None:
        """Place of a key, for an item of a list that of the item; None if it is absent."""
        place = self._find(where)
        if place is None:
            return None
        key, value = place
        return _span(value if key is None else key)

    def value_span(self, where: Where) -> Span | None:
        """Place of a value; None if it is absent."""
        place = self._find(where)
        return _span(place[1]) if place else None

    def rename(self, where: Where, name: str) -> Edit | None:
        """Edit that renames a key; None if it is absent."""
        span = self.key_span(where)
        return Edit(start=span.start, end=span.end, text=name) if span else None

    def replace(self, where: Where, text: str) -> Edit | None:
        """Edit that replaces a value with a scalar; None if it is absent."""
        span = self.value_span(where)
        return Edit(start=span.start, end=span.end, text=text) if span else None

    def insert_into(self, section: str, line: str) -> Edit | None:
        """Edit that adds a ``key: value`` line at the top of a section; None if the section is
        absent, empty or in flow style.
        """
        place = self._find((section,))
        if place is None or not isinstance(place[1], yaml.MappingNode):
            return None
        if place[1].flow_style or not place[1].value:
            return None
        first = place[1].value[0][0].start_mark
        return Edit(start=first.index, end=first.index, text=f"{line}\n{' ' * first.column}")

    def append_section(self, text: str) -> Edit:
        """Edit that adds a section at the end of the file."""
        gap = "" if self.text.endswith("\n") or not self.text else "\n"
        return Edit(start=len(self.text), end=len(self.text), text=f"{gap}{text}\n")

    def remove(self, where: Where) -> Edit | None:
        """Edit that deletes the lines of a key and its value; None if the key is absent, or shares
        its line with another.
        """
        place = self._find(where)
        parent = self._find(where[:-1])
        if place is None or place[0] is None or parent is None:
            return None
        if not isinstance(parent[1], yaml.MappingNode) or parent[1].flow_style:
            return None
        start = place[0].start_mark.index - place[0].start_mark.column
        if self.text[start : place[0].start_mark.index].strip():
            return None
        line_end = self.text.find("\n", self._content_end(place[1]))
        return Edit(start=start, end=len(self.text) if line_end < 0 else line_end + 1, text="")

    def _content_end(self, node: yaml.Node) -> int:
        """Where a value ends, without the trailing blank lines that PyYAML counts in."""
        end: int = node.end_mark.index
        start: int = node.start_mark.index
        return start + len(self.text[start:end].rstrip())

    def _find(self, where: Where) -> tuple[yaml.Node | None, yaml.Node] | None:
        """The nodes of the key (None in lists) and of the value; None if the path is absent."""
        key: yaml.Node | None = None
        node: yaml.Node = self.root
        for part in where:
            if isinstance(node, yaml.MappingNode):
                pairs = [p for p in node.value if getattr(p[0], "value", None) == str(part)]
                if not pairs:
                    return None
                key, node = pairs[-1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                if part >= len(node.value):
                    return None
                key, node = None, node.value[part]
            else:
                return None
        return key, node


def _span(node: yaml.Node) -> Span:
    mark = node.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.index, node.end_mark.index)


def parse_text(text: str, file: str) -> YamlText:
    """The document with its places; raises InputError unless it is a mapping of plain values."""
    data = parse_mapping(text, file)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        root = yaml.MappingNode("tag:yaml.org,2002:map", [], yaml.Mark(file, 0, 0, 0, None, 0))
        root.end_mark = root.start_mark
    return YamlText(file, text, data, root)


def load_text(path: Path) -> YamlText:
    """Reads a YAML file; raises InputError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"the file is larger than {MAX_BYTES} bytes", file=str(path))
        return parse_text(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8"
        raise InputError("not UTF-8 text", file=str(path), hint=hint) from error


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text after all edits; of two that overlap, the first in the list wins."""
    accepted: list[Edit] = []
    for edit in edits:
        if all(edit.end <= earlier.start or edit.start >= earlier.end for earlier in accepted):
            accepted.append(edit)
    for edit in sorted(accepted, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
