"""The code of a suite at one revision, and which definition a name means in it."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compress.suites.code.definitions import (
    MODULE,
    CodeFile,
    Definition,
    Import,
    Mentions,
    read_code_file,
)

PACKAGE_FILE = "__init__.py"
PLAIN_BASES = frozenset(
    {"ABC", "Dataset", "Exception", "Layer", "LayerList", "Sequential", "object"}
)
"""Classes outside of the suite that call no other method of a class that inherits from them, but
those of Python."""


@dataclass(frozen=True, order=True)
class Symbol:
    """A definition by its module (``paddleseg.models.layers``) and its name in there."""

    module: str
    name: str


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

    def find(self, dotted: str) -> frozenset[Symbol]:
        """The definitions that a name means from the root (``package.module.Class.method``)."""
        module = self.module_of(dotted)
        return self.resolve(module, dotted.removeprefix(f"{module}.")) if module else frozenset()

    def module_of(self, dotted: str) -> str | None:
        """The module with which a name begins."""
        parts = dotted.split(".")
        modules = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        return next((module for module in modules if module in self.files), None)

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

    def looked_up(self, module: str, text: str) -> frozenset[Symbol]:
        """The definitions that a text can mean as a name of the module, or of one it imports."""
        key = (module, text)
        if key not in self._looked_up:
            inside = self._imported(module) & self._binding(text)
            found = (self._find(own, text) for own in (module, *inside))
            meant = frozenset[Symbol | str]().union(*found)
            self._looked_up[key] = frozenset(item for item in meant if isinstance(item, Symbol))
        return self._looked_up[key]

    def _imported(self, module: str) -> frozenset[str]:
        """The modules that names of a module mean, and those whose names these import."""
        if module not in self._inner:
            found = (self._find(module, name) for name in self.files[module].imports)
            own = {item for items in found for item in items if isinstance(item, str)}
            self._inner[module] = frozenset(own).union(*map(self.stars, own))
        return self._inner[module]

    def is_called_outside(self, symbol: Symbol) -> bool:
        """Whether a class inherits from one outside of the suite that can call any method."""
        if symbol not in self._outside:
            self._outside[symbol] = self._has_outer_base(symbol)
        return self._outside[symbol]

    def _has_outer_base(self, symbol: Symbol) -> bool:
        seen, pending = {symbol}, [symbol]
        while pending:
            owner = pending.pop()
            for base in self.definition(owner).bases:
                meant = self.resolve(owner.module, base)
                if not meant and base.rpartition(".")[2] not in PLAIN_BASES:
                    return True
                pending += meant - seen
                seen |= meant
        return False

    def loaded(self, modules: Iterable[str]) -> frozenset[str]:
        """The modules that are imported by these ones, by way of others, too, and these."""
        seen: set[str] = set()
        pending = set(modules)
        while pending:
            module = pending.pop()
            seen.add(module)
            parts = module.split(".")
            found = {".".join(parts[:count]) for count in range(1, len(parts))}
            for imported in self.files[module].loads:
                target = self.absolute(module, imported)
                found |= {target, f"{target}.{imported.name}"}
            pending |= (found & self.files.keys()) - seen
        return frozenset(seen)

    def dangling(self) -> Iterator[tuple[str, str]]:
        """By path, the names that a file imports from a module of this code that lacks them."""
        packages = {name.partition(".")[0] for name in self.files}
        for module, file in self.files.items():
            for imported in file.loads:
                target = self.absolute(module, imported)
                if target.partition(".")[0] in packages and not self._has(target, imported.name):
                    yield self.paths[module], ".".join(filter(None, (target, imported.name)))

    def _has(self, module: str, name: str | None) -> bool:
        if module not in self.files:  # a folder is a package without a file
            return any(other.startswith(f"{module}.") for other in self.files)
        if name is None or name == "*":
            return True
        return not self._binding(name).isdisjoint({module, *self.stars(module)})

    def changed_by_importing(self, module: str) -> frozenset[Symbol]:
        """What can be another thing once a module has been imported: what it names while it is, and
        of a package, all that lies below.
        """
        if module not in self.files:
            return frozenset()
        below = [other for other in self.files if other.startswith(f"{module}.")]
        inside = map(self.inside, below if self._is_package(module) else ())
        return self.meant(module, self.at_import(module).names).union(*inside)

    def at_import(self, module: str) -> Mentions:
        """What a module mentions outside of its definitions."""
        definition = self.files[module].definitions.get(MODULE)
        return Mentions() if definition is None else definition.always

    def _is_package(self, module: str) -> bool:
        return self.paths[module].endswith(PACKAGE_FILE)

    @functools.cached_property
    def patches(self) -> Mapping[Symbol, frozenset[Symbol]]:
        """By definition, what other modules do with it when they are imported."""
        patches: defaultdict[Symbol, set[Symbol]] = defaultdict(set)
        for module in self.files:
            for symbol in self.meant(module, self.at_import(module).names):
                patches[symbol].add(Symbol(module, MODULE))
        return {symbol: frozenset(modules) for symbol, modules in patches.items()}

    def methods(self, symbol: Symbol) -> Mapping[str, Symbol]:
        """A class's methods by name."""
        return self._methods.get(symbol, {})

    def _inside(self, item: Symbol | str, part: str) -> frozenset[Symbol | str]:
        """What ``.part`` of a definition or module means."""
        if isinstance(item, str):
            return self._find(item, part)
        method = self.methods(item).get(part)
        return frozenset([item] if method is None else [item, method])

    def _find(self, module: str, name: str) -> frozenset[Symbol | str]:
        """The definitions, and modules as text, that a name means in a module."""
        key = (module, name)
        if key not in self._found:
            self._found[key] = frozenset(self._search(key))
        return self._found[key]

    def _search(self, start: tuple[str, str]) -> Iterator[Symbol | str]:
        """Follows imports from module to module, by stars only to those that bind the name."""
        seen, pending = {start}, [start]
        while pending:
            module, name = pending.pop()
            yield from self._modules(f"{module}.{name}")
            if module not in self.files:
                continue
            if name in self.files[module].definitions:
                yield Symbol(module, name)
            following = {(star, name) for star in self.stars(module) & self._binding(name)}
            for imported in self.files[module].imports.get(name, ()):
                target = self.absolute(module, imported)
                if imported.name is None:
                    yield from self._modules(target)
                else:
                    following.add((target, imported.name))
            pending += following - seen
            seen |= following

    def stars(self, module: str) -> frozenset[str]:
        """The modules all of whose names a module imports, by way of others, too."""
        if module not in self._stars:
            seen: set[str] = set()
            pending = [module]
            while pending:
                own = pending.pop()
                file = self.files.get(own, CodeFile())
                found = {self.absolute(own, star) for star in file.stars}
                pending += found - seen
                seen |= found
            self._stars[module] = frozenset(seen)
        return self._stars[module]

    def _binding(self, name: str) -> frozenset[str]:
        """The modules that define or import a name, or have a module of this name."""
        return self._bindings.get(name, frozenset())

    @functools.cached_property
    def _bindings(self) -> Mapping[str, frozenset[str]]:
        binding: defaultdict[str, set[str]] = defaultdict(set)
        for module, file in self.files.items():
            for name in (*file.definitions, *file.imports):
                binding[name].add(module)
            package, _, name = module.rpartition(".")
            binding[name].add(package)
        return {name: frozenset(modules) for name, modules in binding.items()}

    @functools.cached_property
    def _stars(self) -> dict[str, frozenset[str]]:
        return {}

    def _modules(self, name: str) -> frozenset[Symbol | str]:
        return frozenset([name] if name in self.files else [])

    def absolute(self, module: str, imported: Import) -> str:
        """The module that an import in another one names."""
        if not imported.level:
            return imported.module
        parts = module.split(".")[: None if self._is_package(module) else -1]
        above = parts[: len(parts) - imported.level + 1]
        return ".".join([*above, imported.module] if imported.module else above)

    @functools.cached_property
    def _found(self) -> dict[tuple[str, str], frozenset[Symbol | str]]:
        return {}

    @functools.cached_property
    def _looked_up(self) -> dict[tuple[str, str], frozenset[Symbol]]:
        return {}

    @functools.cached_property
    def _outside(self) -> dict[Symbol, bool]:
        return {}

    @functools.cached_property
    def _inner(self) -> dict[str, frozenset[str]]:
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
