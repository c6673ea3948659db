"""Reads what a Python file defines at its top level, and what each definition mentions."""

from __future__ import annotations

import ast
import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from compress.suites.decorated import parse_code, parse_once
from core.canonical import content_hash

MODULE = ""
"""The name of what a file does when it is imported, besides defining names."""
LOOKUPS = frozenset({"eval", "exec", "globals", "getattr"})
"""What finds a name at run time."""
MAX_PARTS = 16
"""The parts of a dotted name; a longer one is followed no further."""


@dataclass(frozen=True)
class Mentions:
    """``names``: dotted names as they are written, such as ``layers.ConvBN``; ``attributes``: what
    is read of any object; ``texts``: string constants that could be names.
    """

    names: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Definition:
    """A class, function, method (``Class.method``) or variable. ``always``, ``training``: what it
    mentions in any case, and only where the model trains; ``defaults``: of its parameters, the
    texts that could be names; ``looks_up``: whether it finds names at run time.
    """

    always: Mentions
    training: Mentions
    is_class: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    looks_up: bool = False


@dataclass(frozen=True)
class Import:
    """``from module import name``, or ``import module`` without a name; ``level`` counts the dots
    in front.
    """

    module: str
    level: int = 0
    name: str | None = None


@dataclass(frozen=True)
class CodeFile:
    """``imports``: by the name that they get in the file, those inside functions included;
    ``stars``: ``from module import *``.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    imports: Mapping[str, Import] = field(default_factory=dict)
    stars: tuple[Import, ...] = ()


@functools.lru_cache(maxsize=1024)
def read_code_file(content: bytes) -> CodeFile | None:
    """The file's definitions; None if it cannot be read. Kept by content: base and head share most
    files.
    """
    module = parse_once(content)
    try:
        return None if module is None else _read(module)
    except RecursionError:
        return None


def fingerprints(content: bytes) -> Mapping[str, str] | None:
    """By definition, a hash of its syntax, without imports, docstrings and comments; None if the
    file cannot be read.
    """
    module = parse_code(content)  # an own one: its docstrings are removed
    if module is None:
        return None
    try:
        parts = _parts(node for node in module.body if not _imports(node))
        return {
            name: content_hash([ast.dump(_bare(node)) for node in nodes if not _imports(node)])
            for name, nodes in parts.items()
        }
    except RecursionError:
        return None


def _read(module: ast.Module) -> CodeFile:
    definitions: dict[str, Definition] = {}
    imports: dict[str, Import] = {}
    stars: list[Import] = []
    for name, nodes in _parts(module.body).items():
        reader = _Reader()
        for node in nodes:
            reader.visit(node)
        definitions[name] = reader.definition(any(isinstance(n, ast.ClassDef) for n in nodes))
        imports |= reader.imports
        stars += reader.stars
    return CodeFile(definitions, imports, tuple(stars))


def _parts(body: Iterable[ast.stmt]) -> dict[str, list[ast.AST]]:
    """The nodes of each definition; a class is what remains of it without its methods."""
    parts: defaultdict[str, list[ast.AST]] = defaultdict(list)
    for statement in _flat(body):
        for name in _names(statement) or [MODULE]:
            parts[name].append(statement)
        if isinstance(statement, ast.ClassDef):
            for method in filter(_is_function, statement.body):
                parts[f"{statement.name}.{method.name}"].append(method)  # type: ignore[attr-defined]
    return parts


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at import, with those inside branches after the conditions."""
    for statement in body:
        if isinstance(statement, (ast.If, ast.While)):
            yield ast.copy_location(ast.Expr(statement.test), statement)
        elif not isinstance(statement, (ast.Try, ast.With, ast.For)):
            yield statement
            continue
        inner = (getattr(statement, part, []) for part in ("body", "orelse", "finalbody"))
        handlers = (handler.body for handler in getattr(statement, "handlers", []))
        for block in itertools.chain(inner, handlers):
            yield from _flat(block)


def _names(statement: ast.stmt) -> list[str]:
    """What a statement defines."""
    if _is_function(statement) or isinstance(statement, ast.ClassDef):
        return [statement.name]  # type: ignore[attr-defined]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    inside = (node for target in targets for node in ast.walk(target))
    names = (node for node in inside if isinstance(node, ast.Name))
    return [node.id for node in names if isinstance(node.ctx, ast.Store)]


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def _imports(node: ast.AST) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _own_part(node: ast.AST) -> ast.AST:
    """A class without its methods."""
    if not isinstance(node, ast.ClassDef):
        return node
    rest = [statement for statement in node.body if not _is_function(statement)]
    return ast.ClassDef(node.name, node.bases, node.keywords, rest, node.decorator_list)


def _bare(node: ast.AST) -> ast.AST:
    """The node without docstrings and, of a class, without methods."""
    bare = _own_part(node)
    for inner in ast.walk(bare):
        body = getattr(inner, "body", None)
        if isinstance(body, list):
            inner.body = [s for s in body if not _is_text(s)]  # type: ignore[attr-defined]
    return bare


def _is_text(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


class _Reader(ast.NodeVisitor):
    """Collects what nodes mention, and the imports in them."""

    def __init__(self) -> None:
        self.mentioned: dict[bool, tuple[set[str], set[str], set[str]]] = {
            training: (set(), set(), set()) for training in (False, True)
        }
        self.training = False
        self.looks_up = False
        self.defaults: dict[str, str] = {}
        self.imports: dict[str, Import] = {}
        self.stars: list[Import] = []

    def definition(self, is_class: bool) -> Definition:
        always, training = (
            Mentions(*map(frozenset, self.mentioned[training])) for training in (False, True)
        )
        return Definition(always, training, is_class, self.defaults, self.looks_up)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.generic_visit(_own_part(node))

    def visit_arguments(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        given = zip(reversed(positional), reversed(node.defaults), strict=False)
        for argument, default in (*given, *zip(node.kwonlyargs, node.kw_defaults, strict=True)):
            if isinstance(default, ast.Constant) and _is_name(default.value):
                self.defaults[argument.arg] = default.value
            elif default is not None:
                self.visit(default)
        for argument in (*positional, *node.kwonlyargs):
            if argument.annotation is not None:
                self.visit(argument.annotation)

    def visit_Call(self, node: ast.Call) -> None:
        """Asking whether an object is of a class does not use the class."""
        asks = isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "issubclass")
        if asks and node.args:
            self.visit(node.args[0])
        else:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A text that is compared with names nothing."""
        texts = self.mentioned[self.training][2]
        before = set(texts)
        self.generic_visit(node)
        texts.intersection_update(before)

    def visit_Name(self, node: ast.Name) -> None:
        self.mentioned[self.training][0].add(node.id)
        self.looks_up |= node.id in LOOKUPS

    def visit_Attribute(self, node: ast.Attribute) -> None:
        names, attributes, _ = self.mentioned[self.training]
        attributes.add(node.attr)
        dotted = _dotted(node)
        if dotted is not None:
            names.add(dotted)
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if _is_name(node.value):
            self.mentioned[self.training][2].add(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not _is_text(node):
            self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._visit_branches(node.test, node.body, node.orelse)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._visit_branches(node.test, [node.body], [node.orelse])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self.imports[alias.asname or top] = Import(alias.name if alias.asname else top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            found = Import(node.module or "", node.level, alias.name)
            if alias.name == "*":
                self.stars.append(found)
            else:
                self.imports[alias.asname or alias.name] = found

    def _visit_branches(
        self, test: ast.expr, then: Iterable[ast.AST], otherwise: Iterable[ast.AST]
    ) -> None:
        self.visit(test)
        outer, trains = self.training, _says_training(test)
        for branch, inside in ((then, trains is True), (otherwise, trains is False)):
            self.training = outer or inside
            for node in branch:
                self.visit(node)
        self.training = outer


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isidentifier()


def _says_training(test: ast.expr) -> bool | None:
    """Whether a condition holds in training only (``self.training``), or except in training; None
    if it says neither.
    """
    if isinstance(test, ast.Attribute):
        return True if test.attr == "training" else None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _says_training(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(map(_says_training, test.values)) else None
    return None


def _dotted(node: ast.expr) -> str | None:
    """``layers.ConvBN`` of such an expression; None for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < MAX_PARTS:
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])
