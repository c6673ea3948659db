"""Bounds the work that a YAML text makes, before any of its nodes is built.

libyaml composes nodes by recursion in C, where a few thousand brackets end the process; its scanner
takes quadratic time for deep flow collections and for many directives. Its events come one after
the other, so that reading stops at the first one beyond a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from core.errors import InputError
from core.yaml_simple import bracket_depth

MAX_BYTES, MAX_TEXT = 200_000, 1_000_000
"""Bytes of a file, and characters of all its scalars once aliases are written out."""
MAX_DEPTH, MAX_NODES = 64, 20_000
MAX_DIRECTIVES, MAX_TAG = 100, 200
"""The largest of 8,189 YAML files in the histories of PaddleSeg, PaddleDetection and PaddleSlim has
16,299 bytes, the richest 3,126 nodes, the deepest 11 levels; none has a directive."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_bounds(text: str, file: str) -> None:
    """Raises InputError that names ``file`` if the text is too long, or its first document nests
    too deeply or is too large once aliases are written out; yaml.YAMLError if it is not YAML.
    """
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        problem = f"larger than {MAX_BYTES} bytes"
        raise InputError(problem, file=file, hint="split the file", code="not-plain")
    if is_within(text):
        return
    if text.count("%TAG") + text.count("%YAML") > MAX_DIRECTIVES:
        hint = "delete the lines that begin with %"
        raise InputError(f"more than {MAX_DIRECTIVES} directives", file=file, hint=hint)
    bounds = _Bounds(file, text)
    for event in first_document(text):
        bounds.count(event)


SMALL = 20_000
"""Characters."""
_INDENTATION = re.compile(r"^[ -]*", re.MULTILINE)


def is_within(text: str) -> bool:
    """Whether a text is certainly within the bounds: a simple one without aliases, in which a node
    takes a character. A column makes a level, and a bracket two (``[key: value]``).
    """
    if len(text) >= SMALL or "*" in text:
        return False
    depth = bracket_depth(text)
    columns = max(map(len, _INDENTATION.findall(text)))
    return depth is not None and 2 * depth + columns < MAX_DEPTH


def first_document(text: str, loader: Any = LOADER) -> Iterator[yaml.Event]:
    """The events of the nodes up to the end of the first document."""
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            yield event


def place_of(index: int, text: str) -> tuple[int, int]:
    """Line and column, from 1, of a character of the text. Lines end at line feeds, as in git and
    editors: for YAML some more characters end a line.
    """
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


@dataclass
class _Size:
    """``nodes`` and ``characters`` of a value with its aliases written out; ``height`` counts the
    levels below it. While the value is open, nodes and characters are those before it.
    """

    nodes: int
    characters: int
    height: int = 0
    anchor: str | None = None


@dataclass
class _Bounds:
    """``nodes`` and ``characters`` so far, with aliases written out; ``open``: the collections
    around the next event, from the outermost; ``anchors``: the sizes of closed values.
    """

    file: str
    text: str
    nodes: int = 0
    characters: int = 0
    open: list[_Size] = field(default_factory=list)
    anchors: dict[str, _Size] = field(default_factory=dict)

    def count(self, event: yaml.Event) -> None:
        """Raises InputError if the document is too large up to this event."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(1, len(event.value), 0, event)
            if event.anchor is not None:
                self.anchors[event.anchor] = _Size(1, len(event.value))
        elif isinstance(event, yaml.CollectionStartEvent):
            before = _Size(self.nodes, self.characters, anchor=event.anchor)
            self._add(1, 0, 0, event)
            self.open.append(before)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(self.open.pop())
        else:
            size = self._alias(event)
            self._add(size.nodes, size.characters, size.height, event)

    def _alias(self, event: yaml.Event) -> _Size:
        name = getattr(event, "anchor", "")
        if any(outer.anchor == name for outer in self.open):
            self._refuse("a value contains itself through an alias", "write it out", event)
        return self.anchors.get(name, _Size(1, 0))  # composing names an unknown one

    def _close(self, opened: _Size) -> None:
        if self.open:
            self.open[-1].height = max(self.open[-1].height, opened.height + 1)
        if opened.anchor is not None:
            nodes, characters = self.nodes - opened.nodes, self.characters - opened.characters
            self.anchors[opened.anchor] = _Size(nodes, characters, opened.height)

    def _add(self, nodes: int, characters: int, height: int, event: yaml.Event) -> None:
        self.nodes += nodes
        self.characters += characters
        if self.open and self.open[-1].height <= height:
            self.open[-1].height = height + 1
        if len(self.open) + height > MAX_DEPTH:
            self._refuse(f"nested deeper than {MAX_DEPTH} levels", "flatten the file", event)
        if self.nodes > MAX_NODES:
            problem = f"expands to more than {MAX_NODES} values"
            self._refuse(problem, "split the file, or use fewer aliases", event)
        if self.characters > MAX_TEXT:
            problem = f"expands to more than {MAX_TEXT} characters"
            self._refuse(problem, "split the file, or use fewer aliases", event)
        tag = getattr(event, "tag", None)
        if tag is not None and len(tag) > MAX_TAG:
            self._refuse(f"a tag of more than {MAX_TAG} characters", "delete it", event)

    def _refuse(self, problem: str, hint: str, event: yaml.Event) -> NoReturn:
        place = place_of(event.start_mark.index, self.text) if event.start_mark else None
        where = f" (line {place[0]})" if place else ""
        message = f"{problem}{where}"
        raise InputError(message, file=self.file, hint=hint, code="not-plain", place=place)
