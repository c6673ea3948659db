"""What running objects of classes can use of a suite's code.

Methods are found by rapid type analysis (Bacon and Sweeney, OOPSLA 1996): once a class is used,
those of its methods are used whose name anything reads as an attribute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compress.suites.code.definitions import MODULE, Mentions
from compress.suites.code.graph import CodeGraph, Symbol

PADDLES = frozenset({"eval", "forward", "set_state_dict", "state_dict", "sublayers", "to", "train"})
"""The methods of networks that Paddle and the driver call."""


@dataclass(frozen=True)
class Making:
    """How objects are made and run. ``built``: by name, the classes that the suite makes where a
    text names them; ``called``: methods that its shared code calls, besides those that Paddle does
    and Python's own with two underscores; ``texts``: of a config, which code can look up as names;
    ``given``: parameters (``Class.parameter``) whose defaults do not count; ``training``: whether
    the model trains, too.
    """

    built: Mapping[str, frozenset[Symbol]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    training: bool = False


@dataclass(frozen=True)
class Reached:
    """Definitions that are used, and the names that they read as attributes of whatever object."""

    symbols: frozenset[Symbol] = frozenset()
    attributes: frozenset[str] = frozenset()


def uses(
    graph: CodeGraph,
    roots: Iterable[Symbol],
    making: Making,
    folders: tuple[str, ...] | None = None,
) -> Reached:
    """All that making and running objects of ``roots`` can use, themselves included. Of the rest,
    only what lies in ``folders`` (or in files of that path), if any are given.
    """
    return _Walk(graph, making, folders).run(roots)


class _Walk:
    """Follows mentions from definition to definition, in ``folders`` and from the roots alone if
    there are any.
    """

    def __init__(
        self, graph: CodeGraph, making: Making, folders: tuple[str, ...] | None = None
    ) -> None:
        self.graph, self.making, self.folders = graph, making, folders
        self._used: set[Symbol] = set()
        self._queue: list[Symbol] = []
        self._attributes = {*PADDLES, *making.called}
        self._waiting: defaultdict[str, set[Symbol]] = defaultdict(set)
        self._texts = set(making.texts)
        self._looking_up: set[str] = set()
        self._prefixes: set[str] = set()

    def run(self, roots: Iterable[Symbol]) -> Reached:
        first = frozenset(roots)
        self._queue.extend(first)
        while self._queue:
            symbol = self._queue.pop()
            if symbol not in self._used and (symbol in first or self._is_inside(symbol)):
                self._used.add(symbol)
                self._follow(symbol)
        return Reached(frozenset(self._used), frozenset(self._attributes))

    def _is_inside(self, symbol: Symbol) -> bool:
        return self.folders is None or self.graph.paths[symbol.module].startswith(self.folders)

    def _follow(self, symbol: Symbol) -> None:
        definition, module = self.graph.definition(symbol), symbol.module
        if definition.is_class:
            self._meet(symbol)
        self._queue.extend(self.graph.patches.get(symbol, ()))
        if self.graph.at_import(module) != Mentions():
            self._queue.append(Symbol(module, MODULE))
        owner = symbol.name.partition(".")[0]
        for name, texts in definition.defaults.items():
            if f"{owner}.{name}" not in self.making.given:
                self._read(texts)
        if definition.looks_up and module not in self._looking_up:
            self._looking_up.add(module)
            self._look_up(module, self._texts)
        for mentions in (definition.always, definition.training):
            if mentions is definition.always or self.making.training:
                self._mention(module, mentions, definition.looks_up)

    def _mention(self, module: str, mentions: Mentions, looks_up: bool) -> None:
        self._queue.extend(self.graph.meant(module, mentions.names))
        asked = self.graph.meant(module, mentions.asked)
        self._queue.extend(item for item in asked if not self.graph.definition(item).is_class)
        self._access(mentions.attributes)
        self._read(mentions.texts)
        if looks_up and not mentions.prefixes <= self._prefixes:
            self._prefixes |= mentions.prefixes
            self._access([name for name in self._waiting if self._is_prefixed(name)])

    def _read(self, texts: frozenset[str]) -> None:
        """Texts name classes that the suite makes, and whatever its code looks up."""
        new = texts - self._texts
        self._texts |= new
        for text in new & self.making.built.keys():
            self._queue.extend(self.making.built[text])
        for module in self._looking_up:
            self._look_up(module, new)

    def _look_up(self, module: str, texts: Iterable[str]) -> None:
        """Follows texts as names of the module, of modules that it imports, and of attributes."""
        self._access(texts)
        for text in texts:
            self._queue.extend(self.graph.looked_up(module, text))

    def _meet(self, symbol: Symbol) -> None:
        every = self.graph.is_called_outside(symbol)
        for name, method in self.graph.methods(symbol).items():
            if every or name in self._attributes or _is_pythons(name) or self._is_prefixed(name):
                self._queue.append(method)
            else:
                self._waiting[name].add(method)

    def _is_prefixed(self, name: str) -> bool:
        return name.startswith(tuple(self._prefixes))

    def _access(self, attributes: Iterable[str]) -> None:
        for name in attributes:
            if name not in self._attributes:
                self._attributes.add(name)
                self._queue.extend(self._waiting.pop(name, ()))


def _is_pythons(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
