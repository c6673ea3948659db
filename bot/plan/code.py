"""Finds the models that a change of the suite's code affects: those that can use what changed."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.plan.affected import MAX_KEY, MAX_REASONS
from bot.plan.code_side import CodeSide, read_side
from bot.plan.trees import Trees, config_paths, resolve_or_none
from bot.plan.values import Affected, Reason, Skipped
from bot.text.lists import first_of
from compress.heirs import find_heirs
from compress.manifest import Manifest, under
from compress.registered import code_of, is_code
from compress.resolve import ConfigTree
from compress.suites.code.changes import changed_names
from compress.suites.code.definitions import IMPORTS, MODULE
from compress.suites.code.graph import Symbol, module_name
from compress.suites.code.leading import can_name, names_leading_to
from compress.suites.dialect import Document, Impact
from compress.suites.impact import IMPACTS
from core.errors import shorten

Changes = Mapping[str, frozenset[Symbol] | None]
"""By file, the definitions that differ; None for a file that cannot be read."""
MAX_NAMED = 3
"""How many files or models a row names."""


@dataclass(frozen=True)
class Touched:
    """What changed code can touch of a model. ``reasons``: by changed file; ``definitions``: what
    differs and is used.
    """

    reasons: dict[str, Reason] = field(default_factory=dict)
    impacts: set[Impact] = field(default_factory=set)
    definitions: set[Symbol] = field(default_factory=set)

    def affected(self, config: str) -> Affected:
        """The config with the reasons that a plan lists."""
        reasons = tuple(self.reasons[file] for file in sorted(self.reasons))
        impacts = sorted(self.impacts, key=IMPACTS.index)
        return Affected(
            config=config,
            change="code",
            reasons=reasons[:MAX_REASONS],
            keys=(),
            impact=impacts[0],
            code_impacts=tuple(impacts),
            more_reasons=max(0, len(reasons) - MAX_REASONS),
        )


@dataclass(frozen=True)
class CodeEffects:
    """``touched``: by config, the models that can use what differs; ``rows``: what the plan says of
    changed files beyond that.
    """

    touched: Mapping[str, Touched] = field(default_factory=dict)
    rows: tuple[Skipped, ...] = ()

    @property
    def affected(self) -> tuple[Affected, ...]:
        """The models, as the plan lists them."""
        return tuple(item.affected(config) for config, item in self.touched.items())


def find_code_effects(trees: Trees, manifest: Manifest) -> CodeEffects:
    """What the changed Python files of the suite affect; nothing if it is not known how the suite
    registers classes.
    """
    changed = sorted(path for path in trees.changed_files() if is_code(path, trees.suite))
    if not changed:
        return CodeEffects()
    sides = [side for tree in (trees.base, trees.head) if (side := read_side(tree, trees.suite))]
    if not sides:
        return CodeEffects()
    changes = _spread({file: _changed_symbols(file, trees) for file in changed}, sides)
    is_same = len(sides) == 2 and _names_mean_the_same(changed, sides)
    models = _models(trees, _may_be_touched(trees, manifest, changes, sides), manifest)
    found = {config: _touched(config, changes, sides, is_same) for config in models}
    touched = {config: item for config, item in found.items() if item.reasons}
    unread = sorted({file for side in sides for file in side.graph.unread} - changes.keys())
    return CodeEffects(touched, (*_rows(changes, touched, unread), *_dangling(sides)))


def join_affected(by_content: list[Affected], by_code: tuple[Affected, ...]) -> list[Affected]:
    """Every config once; one whose content differs has the reasons of both."""
    joined = {item.config: item for item in by_content}
    for item in by_code:
        own = joined.get(item.config)
        joined[item.config] = item if own is None else _joined(own, item)
    return [joined[config] for config in sorted(joined)]


def _joined(own: Affected, by_code: Affected) -> Affected:
    reasons = (*own.reasons, *by_code.reasons)
    return own.model_copy(
        update={
            "reasons": reasons[:MAX_REASONS],
            "more_reasons": own.more_reasons
            + by_code.more_reasons
            + max(0, len(reasons) - MAX_REASONS),
            "code_impacts": by_code.code_impacts,
            "impact": min(own.impact, by_code.impact, key=IMPACTS.index),
        }
    )


def _changed_symbols(file: str, trees: Trees) -> frozenset[Symbol] | None:
    """The definitions of a file that differ; None if the file cannot be read."""
    names = changed_names(*(code_of(file, tree) for tree in (trees.base, trees.head)))
    return None if names is None else frozenset(Symbol(module_name(file), n) for n in names)


def _spread(changes: Changes, sides: list[CodeSide]) -> Changes:
    """Adds what differs elsewhere because a file imports something else, or does something else
    when it is imported.
    """
    loaded = [side.loaded for side in sides]
    unlike = frozenset[str]().union(*loaded).difference(frozenset.intersection(*loaded))
    come_or_gone = {s for side in sides for module in unlike for s in side.graph.inside(module)}
    spread: dict[str, frozenset[Symbol] | None] = {}
    for file, symbols in changes.items():
        module = module_name(file)
        more: set[Symbol] = set()
        if _imports_differ((file, symbols)):
            more |= come_or_gone
        if symbols and Symbol(module, MODULE) in symbols:
            more = more.union(*(side.graph.changed_by_importing(module) for side in sides))
        spread[file] = symbols if symbols is None else symbols | more
    return spread


def _may_be_touched(
    trees: Trees, manifest: Manifest, changes: Changes, sides: list[CodeSide]
) -> list[str]:
    """The configs of head that name something which can lead to what differs."""
    paths = [
        path
        for path in config_paths(trees.head, manifest)
        if under(path, manifest.config_roots) or path in manifest.data_configs
    ]
    shared = trees.suite.shared_code
    if any(file.startswith(shared) and changes[file] != frozenset() for file in changes):
        return paths
    symbols = frozenset[Symbol]().union(*filter(None, changes.values()))
    symbols = symbols.union(*(_rebound(file, sides) for file in changes))
    names = frozenset[str]().union(
        *(names_leading_to(symbols, side.graph, side.built) for side in sides)
    )
    heirs: set[str] = set()
    for tree in (trees.base, trees.head):
        heirs |= find_heirs(tree, paths, functools.partial(_names_one_of, names, tree))
    return [path for path in paths if path in heirs]


def _rebound(file: str, sides: list[CodeSide]) -> Iterator[Symbol]:
    """The names that a file gives to other imports on the other side; of stars, all names."""
    module = module_name(file)
    files = [side.graph.files.get(module) for side in sides]
    if len(sides) == 1 or None in files:
        return
    imports = [file.imports for file in files if file is not None]
    for name in imports[0].keys() | imports[1].keys():
        if imports[0].get(name) != imports[1].get(name):
            yield Symbol(module, name)
    stars = [side.graph.stars(module) for side in sides]
    for side in sides:
        for star in stars[0] ^ stars[1]:
            yield from side.graph.inside(star)


def _names_one_of(names: frozenset[str], tree: ConfigTree, file: str) -> bool:
    return can_name(names, tree.text(file))


def _models(trees: Trees, paths: Iterable[str], manifest: Manifest) -> Iterator[str]:
    """Those of head's configs that describe whole models, and those by which recipes read data."""
    for path in paths:
        resolved = resolve_or_none(trees.head, path)
        is_model = resolved is not None and trees.head.dialect.is_model(resolved)
        if is_model or (resolved is not None and path in manifest.data_configs):
            yield path


def _touched(
    config: str,
    changes: Changes,
    sides: list[CodeSide],
    is_same: bool,
) -> Touched:
    """``is_same``: names mean the same on both sides, so that a model which uses nothing of what
    differs on base uses the same on head.
    """
    touched = Touched()
    if is_same and _is_untouched(config, changes, sides):
        return touched
    for side in sides:
        resolved = resolve_or_none(side.tree, config)
        if resolved is not None:
            _touch(touched, changes, side, resolved)
    if not touched.reasons and not is_same and len(sides) == 2:
        _find_moved(touched, config, changes, sides)
    return touched


def _is_untouched(config: str, changes: Changes, sides: list[CodeSide]) -> bool:
    """Whether a model that is the same on both sides uses nothing of what differs on base."""
    base = resolve_or_none(sides[0].tree, config)
    if base is None or base is not resolve_or_none(sides[1].tree, config):
        return False
    used = sides[0].all_uses(base).symbols
    return not any(
        (symbols and not symbols.isdisjoint(used)) or _runs_it(file, symbols, sides[0], base)
        for file, symbols in changes.items()
    )


def _touch(touched: Touched, changes: Changes, side: CodeSide, resolved: Document) -> None:
    """Adds what a model uses of what differs, at one revision."""
    uses = side.uses(resolved)
    for file, symbols in changes.items():
        impacts = [i for i in IMPACTS if symbols and not symbols.isdisjoint(uses[i])]
        if impacts and symbols:
            touched.impacts.update(impacts)
            touched.definitions.update(symbols & frozenset[Symbol]().union(*uses.values()))
            user = _user(symbols, side, resolved, impacts[0])
            touched.reasons[file] = Reason(changed=file, uses_it=user)
        elif running := _runs_it(file, symbols, side, resolved):
            touched.impacts.update(("graph", "evaluation"))
            touched.definitions.update(running)
            touched.reasons[file] = Reason(changed=file)


def _find_moved(touched: Touched, config: str, changes: Changes, sides: list[CodeSide]) -> None:
    """Adds what names mean on one side only, of a model that uses nothing else of what differs."""
    base, head = (resolve_or_none(side.tree, config) for side in sides)
    if base is None or head is None or base != head:
        return
    before, after = sides[0].uses(base), sides[1].uses(head)
    for impact in IMPACTS:
        if unlike := before[impact] ^ after[impact]:
            touched.impacts.add(impact)
            touched.definitions.update(unlike)
    if touched.impacts:
        importing = [file for file, symbols in changes.items() if _imports_differ((file, symbols))]
        for file in importing or changes:
            touched.reasons[file] = Reason(changed=file)


def _imports_differ(change: tuple[str, frozenset[Symbol] | None]) -> bool:
    file, symbols = change
    return symbols is not None and Symbol(module_name(file), IMPORTS) in symbols


def _runs_it(
    file: str, symbols: frozenset[Symbol] | None, side: CodeSide, resolved: Document
) -> frozenset[Symbol]:
    """What differs in the file of the code that makes and runs every model, if this is one."""
    if not side.suite.dialect.is_model(resolved):
        return frozenset()
    imported = Symbol(module_name(file), MODULE)
    is_shared = file.startswith(side.suite.shared_code)
    if symbols is None:
        return frozenset([imported] if is_shared else [])
    always = frozenset([imported]) if is_shared else frozenset[Symbol]()
    return symbols & (side.shared(resolved).symbols | always)


def _names_mean_the_same(changed: list[str], sides: list[CodeSide]) -> bool:
    """Whether the changed files define, import and register the same names on both sides."""
    if sides[0].registry.names != sides[1].registry.names:
        return False
    modules = {module_name(file) for file in changed}
    shapes = [
        {
            m: (f.definitions.keys(), f.imports, f.stars)
            for m in modules
            if (f := s.graph.files.get(m))
        }
        for s in sides
    ]
    return shapes[0] == shapes[1]


def _user(
    symbols: frozenset[Symbol], side: CodeSide, resolved: Document, impact: Impact
) -> str | None:
    """The first class that the config names and that uses one of the symbols by itself."""
    for mention in side.mentions(resolved)[0]:
        called = side.shared(resolved).attributes
        used = side.reached(frozenset([mention.name]), called, training=impact == "training")
        if not symbols.isdisjoint(used.symbols):
            return shorten(mention.name, MAX_KEY)
    return None


def _rows(
    changes: Changes,
    touched: Mapping[str, Touched],
    unread: list[str],
) -> Iterator[Skipped]:
    """Why nothing is measured for a changed file; ``unread``: other files of code that cannot be
    read, through which a model may use it.
    """
    used = {file for item in touched.values() for file in item.reasons}
    for file, symbols in changes.items():
        if symbols is None:
            reason = "cannot be read as Python: which models use it is not known"
            yield Skipped(config=file, reason=reason, needed=True)
        elif not symbols:
            yield Skipped(config=file, reason="only comments, docstrings or layout differ")
        elif file not in used and unread:
            reason = (
                f"no model is known to use it, but {first_of(unread, MAX_NAMED)} cannot be read"
            )
            yield Skipped(config=file, reason=reason, needed=True)
        elif file not in used:
            yield Skipped(config=file, reason="no model uses what differs in it")


def _dangling(sides: list[CodeSide]) -> Iterator[Skipped]:
    """The files that import what their suite no longer has, which ends every process."""
    before = set(sides[0].graph.dangling()) if len(sides) == 2 else set()
    new: defaultdict[str, list[str]] = defaultdict(list)
    for file, name in sorted(set(sides[-1].graph.dangling()) - before):
        new[file].append(name)
    for file in itertools.islice(new, MAX_NAMED):
        reason = (
            f"imports {first_of(new[file], MAX_NAMED)}, which does not exist: correct the import"
        )
        yield Skipped(config=file, reason=reason, needed=True)
