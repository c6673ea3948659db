"""The code of a suite at one revision: which definition a name means, and what running one uses.

Methods are found by rapid type analysis (Bacon and Sweeney, OOPSLA 1996): once a class is used,
those of its methods are used whose name anything reads as an attribute.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compress.suites.code.definitions import CodeFile, Definition, Import, read_code_file

PACKAGE_FILE = "__init__.py"


@dataclass(frozen=True, order=True)
class Symbol:
    """A definition by its module (``paddleseg.models.layers``) and its name in there."""

    module: str
    name: str


@dataclass(frozen=True)
class Making:
    """How objects are made and run. ``built``: by name, the classes that the suite makes where a
    text names them; ``called``: methods that its shared code calls, besides Paddle's ``forward``
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
class CodeGraph:
    """``files``: by module; ``paths``: of the same files; ``unread``: paths of files that could not
    be read, of which nothing is known.
    """

    files: Mapping[str, CodeFile]
    paths: Mapping[str, str]
    unread: tuple[str, ...] = ()

    def definition(self, symbol: Symbol) -> Definition:
        """What a symbol stands for; raises KeyError."""
        return self.files[symbol.module].definitions[symbol.name]

    def named(self, name: str) -> frozenset[Symbol]:
        """The definitions of that name at the top of any module."""
        return self._by_name.get(name, frozenset())

    def uses(self, roots: Iterable[Symbol], making: Making) -> frozenset[Symbol]:
        """All that making and running objects of ``roots`` can use, themselves included."""
        return frozenset(_Walk(self, making).run(roots))

    def resolve(self, module: str, dotted: str) -> frozenset[Symbol]:
        """The definitions that a dotted name means in a module; of ``Class.method`` both."""
        first, *rest = dotted.split(".")
        meant = self._find(module, first)
        for part in rest:
            meant = frozenset[Symbol | str]().union(*(self._inside(item, part) for item in meant))
        return frozenset(item for item in meant if isinstance(item, Symbol))

    def inside(self, module: str) -> frozenset[Symbol]:
        """All definitions of a module."""
        definitions = self.files[module].definitions if module in self.files else ()
        return frozenset(Symbol(module, name) for name in definitions)

    def meant(self, module: str, names: frozenset[str]) -> frozenset[Symbol]:
        """The definitions that any of the dotted names means in a module."""
        key = (module, names)
        if key not in self._meant:
            found = (self.resolve(module, name) for name in names)
            self._meant[key] = frozenset[Symbol]().union(*found)
        return self._meant[key]

    def methods(self, symbol: Symbol) -> Mapping[str, Symbol]:
        """A class's methods by name."""
        return self._methods.get(symbol, {})

    def _inside(self, item: Symbol | str, part: str) -> frozenset[Symbol | str]:
        """What ``.part`` of a definition or module means."""
        if isinstance(item, str):
            return self._find(item, part)
        method = self.methods(item).get(part)
        return frozenset([item] if method is None else [item, method])

    def _find(
        self, module: str, name: str, before: tuple[tuple[str, str], ...] = ()
    ) -> frozenset[Symbol | str]:
        """The definitions, and modules as text, that a name means in a module."""
        key = (module, name)
        if key in self._found:
            return self._found[key]
        if module not in self.files or key in before:
            return frozenset()
        meant = self._written(module, name, (*before, key)) or self._modules(f"{module}.{name}")
        if not meant and not name.startswith("_"):
            stars = (self._absolute(module, star) for star in self.files[module].stars)
            found = (self._find(star, name, (*before, key)) for star in stars)
            meant = frozenset[Symbol | str]().union(*found)
        if not before:
            self._found[key] = meant
        return meant

    def _written(
        self, module: str, name: str, before: tuple[tuple[str, str], ...]
    ) -> frozenset[Symbol | str]:
        """What a name means that the module defines or imports."""
        file = self.files[module]
        own = frozenset([Symbol(module, name)] if name in file.definitions else [])
        if name in file.imports:
            return own | self._imported(module, file.imports[name], before)
        return own

    def _imported(
        self, module: str, imported: Import, before: tuple[tuple[str, str], ...]
    ) -> frozenset[Symbol | str]:
        target = self._absolute(module, imported)
        if imported.name is None:
            return self._modules(target)
        return self._find(target, imported.name, before) | self._modules(
            f"{target}.{imported.name}"
        )

    def _modules(self, name: str) -> frozenset[Symbol | str]:
        return frozenset([name] if name in self.files else [])

    def _absolute(self, module: str, imported: Import) -> str:
        if not imported.level:
            return imported.module
        is_package = self.paths[module].endswith(PACKAGE_FILE)
        parts = module.split(".")[: None if is_package else -1]
        above = parts[: len(parts) - imported.level + 1]
        return ".".join([*above, imported.module] if imported.module else above)

    @functools.cached_property
    def _found(self) -> dict[tuple[str, str], frozenset[Symbol | str]]:
        return {}

    @functools.cached_property
    def _meant(self) -> dict[tuple[str, frozenset[str]], frozenset[Symbol]]:
        return {}

    @functools.cached_property
    def _by_name(self) -> Mapping[str, frozenset[Symbol]]:
        named: defaultdict[str, set[Symbol]] = defaultdict(set)
        for module, file in self.files.items():
            for name in file.definitions:
                named[name].add(Symbol(module, name))
        return {name: frozenset(symbols) for name, symbols in named.items()}

    @functools.cached_property
    def defined(self) -> frozenset[str]:
        """The names of all definitions, those of methods without their class."""
        return frozenset(name.rpartition(".")[2] for name in self._by_name)

    @functools.cached_property
    def named_by_default(self) -> frozenset[str]:
        """The parameters (``Class.parameter``) whose defaults are texts that could be names."""
        return frozenset(
            f"{name.partition('.')[0]}.{parameter}"
            for file in self.files.values()
            for name, definition in file.definitions.items()
            for parameter in definition.defaults
        )

    @functools.cached_property
    def _methods(self) -> Mapping[Symbol, Mapping[str, Symbol]]:
        methods: defaultdict[Symbol, dict[str, Symbol]] = defaultdict(dict)
        for module, file in self.files.items():
            for name in file.definitions:
                owner, dot, method = name.partition(".")
                if dot:
                    methods[Symbol(module, owner)][method] = Symbol(module, name)
        return methods


class _Walk:
    """Follows mentions from definition to definition."""

    def __init__(self, graph: CodeGraph, making: Making) -> None:
        self.graph, self.making = graph, making
        self._used: set[Symbol] = set()
        self._queue: list[Symbol] = []
        self._attributes = {"forward", *making.called}
        self._waiting: defaultdict[str, set[Symbol]] = defaultdict(set)
        self._texts: defaultdict[str, set[str]] = defaultdict(set)
        self._looking_up: set[str] = set()

    def run(self, roots: Iterable[Symbol]) -> set[Symbol]:
        self._queue.extend(roots)
        while self._queue:
            symbol = self._queue.pop()
            if symbol not in self._used:
                self._used.add(symbol)
                self._follow(symbol)
        return self._used

    def _follow(self, symbol: Symbol) -> None:
        definition, module = self.graph.definition(symbol), symbol.module
        if definition.is_class:
            self._meet(self.graph.methods(symbol))
        owner = symbol.name.partition(".")[0]
        defaults = definition.defaults.items()
        given = self.making.given
        self._read(module, frozenset(t for name, t in defaults if f"{owner}.{name}" not in given))
        if definition.looks_up and module not in self._looking_up:
            self._looking_up.add(module)
            self._look_up(module, self.making.texts | self._texts[module])
        mentioned = [definition.always, *([definition.training] if self.making.training else [])]
        for mentions in mentioned:
            self._queue.extend(self.graph.meant(module, mentions.names))
            self._access(mentions.attributes)
            self._read(module, mentions.texts)

    def _read(self, module: str, texts: frozenset[str]) -> None:
        """Texts name classes that the suite makes, and whatever their module looks up."""
        for text in texts & self.making.built.keys():
            self._queue.extend(self.making.built[text])
        if module in self._looking_up:
            self._look_up(module, texts)
        self._texts[module] |= texts

    def _look_up(self, module: str, texts: Iterable[str]) -> None:
        """Follows texts as names of the module, of modules that it imports, and of attributes."""
        self._access(texts)
        defined = [text for text in texts if self.graph.named(text)]
        for name in ("", *self.graph.files[module].imports):
            for text in defined:
                dotted = f"{name}.{text}" if name else text
                self._queue.extend(self.graph.resolve(module, dotted))

    def _meet(self, methods: Mapping[str, Symbol]) -> None:
        for name, method in methods.items():
            if name in self._attributes or _is_pythons(name):
                self._queue.append(method)
            else:
                self._waiting[name].add(method)

    def _access(self, attributes: Iterable[str]) -> None:
        for name in attributes:
            if name not in self._attributes:
                self._attributes.add(name)
                self._queue.extend(self._waiting.pop(name, ()))


def _is_pythons(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def module_name(path: str) -> str:
    """``paddleseg/models/__init__.py`` is ``paddleseg.models``."""
    return path.removesuffix(f"/{PACKAGE_FILE}").removesuffix(".py").replace("/", ".")


def read_code(files: Mapping[str, bytes | None]) -> CodeGraph:
    """The graph of Python files by path from the suite's root; None stands for a file that is
    missing or too large.
    """
    read = {path: read_code_file(content) for path, content in files.items() if content is not None}
    known = {path: file for path, file in read.items() if file is not None}
    return CodeGraph(
        {module_name(path): file for path, file in known.items()},
        {module_name(path): path for path in known},
        tuple(path for path in files if path not in known),
    )
