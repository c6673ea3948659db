"""A suite's code at one revision, and what models can use of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from compress.registered import code_files, find_registry, read_once
from compress.resolve import ConfigTree
from compress.suites.code.graph import CodeGraph, Symbol, module_name, read_code
from compress.suites.code.walk import Making, Reached, uses
from compress.suites.dialect import Document, Impact
from compress.suites.impact import IMPACTS
from compress.suites.parts import section
from compress.suites.registry_names import Registry
from compress.suites.support import SuiteSupport

KIND_IMPACTS: Mapping[str, Impact] = {
    "assigner": "training",
    "callback": "training",
    "dataset": "compression",
    "loss": "training",
    "optimizer": "training",
    "optimizer-section": "training",
    "scheduler": "training",
}
"""What classes of a kind decide wherever a config names them: images are scored by readers of our
own, but compression learns from the suite's data sets.
"""
UNREGISTERED = "plain-transform"
"""The kind of classes that are found by name in a module, beside what is registered."""


@dataclass(frozen=True)
class Mention:
    """A class that a config names, under a key with this impact."""

    name: str
    impact: Impact


@dataclass(frozen=True)
class CodeSide:
    """The suite's code at one revision."""

    tree: ConfigTree
    suite: SuiteSupport
    graph: CodeGraph
    registry: Registry

    def mentions(self, resolved: Document) -> tuple[tuple[Mention, ...], frozenset[str]]:
        """The classes that a config names, and its other texts about the model."""
        named: list[Mention] = []
        texts: set[str] = set()
        for key, text in self.suite.dialect.mentions(resolved):
            impact = self.suite.dialect.impact(key)
            if text in self.registry.names:
                named.append(Mention(text, _decided(self.registry.kinds(text), impact)))
            elif impact == "graph" and text in self.graph.defined:
                texts.add(text)
        return tuple(named), frozenset(texts)

    def uses(self, resolved: Document) -> Mapping[Impact, frozenset[Symbol]]:
        """The code that a model can use, by what that decides."""
        roots, texts = self._roots(resolved)
        given, called = self.given(resolved), self.shared(resolved).attributes
        data = roots["evaluation"] | roots["compression"]
        reading = called | self.reached(data, called, given).attributes
        training = called | self.all_uses(resolved).attributes
        uses = {i: self.reached(roots[i], reading, given).symbols for i in IMPACTS}
        uses["graph"] = self.reached(roots["graph"], called, given, texts).symbols
        trained = roots["graph"] | roots["training"]
        uses["training"] |= self.reached(trained, training, given, texts, training=True).symbols
        return uses

    def all_uses(self, resolved: Document) -> Reached:
        """No less than what ``uses`` finds, by a single walk."""
        roots, texts = self._roots(resolved)
        every = frozenset[str]().union(*roots.values())
        called = self.shared(resolved).attributes
        return self.reached(every, called, self.given(resolved), texts, training=True)

    def _roots(self, resolved: Document) -> tuple[dict[Impact, frozenset[str]], frozenset[str]]:
        named, texts = self.mentions(resolved)
        roots = {i: frozenset(m.name for m in named if m.impact == i) for i in IMPACTS}
        roots["training"] |= self.suite.trained_by
        return roots, texts

    def shared(self, resolved: Document) -> Reached:
        """What makes and runs a model, whatever classes its config names: what the driver calls, or
        all shared code if this revision lacks one of these.
        """
        points = self.suite.entry_points(resolved)
        if points not in self._shared:
            roots = [self.graph.find(point) for point in points]
            known = frozenset[Symbol]().union(*roots)
            if not all(roots) or not roots:
                known |= self._shared_definitions()
            self._shared[points] = uses(self.graph, known, Making(), self.suite.shared_code)
        return self._shared[points]

    def _shared_definitions(self) -> frozenset[Symbol]:
        modules = (m for m, p in self.graph.paths.items() if p.startswith(self.suite.shared_code))
        return frozenset[Symbol]().union(*map(self.graph.inside, modules))

    def given(self, resolved: Document) -> frozenset[str]:
        """The parameters of registered classes that a config sets in a section of the class."""
        sections = resolved.keys() & self.registry.names.keys()
        keys = (f"{name}.{key}" for name in sections for key in section(resolved, name))
        return self.graph.named_by_default.intersection(keys)

    def reached(
        self,
        names: frozenset[str],
        called: frozenset[str],
        given: frozenset[str] = frozenset(),
        texts: frozenset[str] = frozenset(),
        *,
        training: bool = False,
    ) -> Reached:
        """The code that objects of the named classes can use; see ``Making``."""
        key = (names, called, given, texts, training)
        if key not in self._reached:
            roots = frozenset[Symbol]().union(*(self.built.get(name, ()) for name in names))
            making = Making(self.built, called, texts, given, training)
            self._reached[key] = uses(self.graph, roots, making)
        return self._reached[key]

    @functools.cached_property
    def loaded(self) -> frozenset[str]:
        """The modules that a process of the driver imports; all if this is not known."""
        points = self.suite.entry_points({})
        modules = [self.graph.module_of(point) for point in points]
        known = [module for module in modules if module is not None]
        is_known = modules and len(known) == len(modules)
        return self.graph.loaded(known if is_known else self.graph.files)

    @functools.cached_property
    def built(self) -> Mapping[str, frozenset[Symbol]]:
        """The classes by the names under which the code registers them; under a name that the file
        does not define, all that it does define.
        """
        return {
            name: frozenset[Symbol]().union(*(self._registered(name, f) for f in entry.files))
            for name, entry in self.registry.names.items()
        }

    def _registered(self, name: str, file: str) -> frozenset[Symbol]:
        module = module_name(file)
        return self.graph.resolve(module, name) or self.graph.inside(module)

    @functools.cached_property
    def _reached(self) -> dict[tuple[object, ...], Reached]:
        return {}

    @functools.cached_property
    def _shared(self) -> dict[tuple[str, ...], Reached]:
        return {}


def _decided(kinds: frozenset[str], by_key: Impact) -> Impact:
    """What a class decides, by its kinds if they agree, else by the key that names it."""
    impacts = {KIND_IMPACTS.get(kind) for kind in kinds - {UNREGISTERED}}
    only = next(iter(impacts)) if len(impacts) == 1 else None
    return only or by_key


def read_side(tree: ConfigTree, suite: SuiteSupport) -> CodeSide | None:
    """The suite's code at a revision; None if it is not known how the suite registers classes."""
    files = dict(code_files(tree, suite))
    read_once(files.values(), suite)
    registry = find_registry(tree, suite)
    return None if registry is None else CodeSide(tree, suite, read_code(files), registry)
