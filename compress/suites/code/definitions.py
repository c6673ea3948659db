"""Reads what a Python file defines at its top level, and what each definition mentions."""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from compress.suites.decorated import parse_code, parse_once
from core.canonical import content_hash

MODULE = ""
"""The name of what a file does when it is imported, besides defining names."""
IMPORTS = "import"
"""The name of what a file imports, which is no definition; a keyword, and so no other name."""
LOOKUPS = frozenset(
    {"__dict__", "__import__", "eval", "exec", "getattr", "globals", "import_module", "vars"}
)
"""What finds a name at run time."""
MAX_PARTS = 16
"""The parts of a dotted name; a longer one is followed no further."""


@dataclass(frozen=True)
class Mentions:
    """``names``: dotted names as they are written, such as ``layers.ConvBN``; ``attributes``: what
    is read of any object; ``texts``: string constants that could be names; ``prefixes``: constants
    that other text is appended to; ``asked``: names of which objects are said to be instances.
    """

    names: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Definition:
    """A class, function, method (``Class.method``) or variable. ``always``, ``training``: what it
    mentions in any case, and only where the model trains; ``bases``: of a class, as dotted names;
    ``defaults``: of its parameters, the texts that could be names; ``looks_up``: whether it finds
    names at run time.
    """

    always: Mentions
    training: Mentions
    is_class: bool = False
    bases: frozenset[str] = frozenset()
    defaults: Mapping[str, frozenset[str]] = field(default_factory=dict)
    looks_up: bool = False


@dataclass(frozen=True)
class Import:
    """``from module import name``, or ``import module`` without a name; ``level`` counts the dots
    in front. The name is ``*`` where all are imported.
    """

    module: str
    level: int = 0
    name: str | None = None


@dataclass(frozen=True)
class CodeFile:
    """``imports``: by the name that they get in the file, those inside functions included, of which
    several can get the same; ``stars``: ``from module import *``; ``loads``: what is imported,
    whatever name it gets.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    imports: Mapping[str, frozenset[Import]] = field(default_factory=dict)
    stars: tuple[Import, ...] = ()
    loads: frozenset[Import] = frozenset()


@functools.lru_cache(maxsize=1024)
def read_code_file(content: bytes) -> CodeFile | None:
    """The file's definitions; None if it cannot be read. Kept by content: base and head share most
    files.
    """
    module = parse_once(content)
    try:
        return None if module is None else _read(module, content)
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
        parts = _parts([node for node in module.body if not _imports(node)], content)
        return {
            name: content_hash([ast.dump(_bare(node)) for node in nodes if not _imports(node)])
            for name, nodes in parts.items()
        }
    except RecursionError:
        return None


def _read(module: ast.Module, content: bytes) -> CodeFile:
    definitions: dict[str, Definition] = {}
    imports: defaultdict[str, set[Import]] = defaultdict(set)
    loads: dict[Import, None] = {}
    for name, nodes in _parts(module.body, content).items():
        reader = _Reader()
        for node in nodes:
            reader.visit(_own_part(node))
        definitions[name] = reader.definition(nodes)
        for alias, imported in reader.imports:
            imports[alias].add(imported)
        loads |= dict.fromkeys(reader.loads)
    stars = tuple(imported for imported in loads if imported.name == "*")
    named = {alias: frozenset(found) for alias, found in imports.items()}
    return CodeFile(definitions, named, stars, frozenset(loads))


def _parts(body: Iterable[ast.stmt], content: bytes) -> dict[str, list[ast.AST]]:
    """The nodes of each definition; a class is what remains of it without its methods. A function
    that assigns a ``global`` variable is a part of that, too. ``content``: of the file.
    """
    parts: defaultdict[str, list[ast.AST]] = defaultdict(list)
    for statement in _flat(body):
        for name in _names(statement, content) or [MODULE]:
            parts[name].append(statement)
        if b"global" in content and _is_function(statement):
            for name in {
                n for g in ast.walk(statement) if isinstance(g, ast.Global) for n in g.names
            }:
                parts[name].append(statement)
        if isinstance(statement, ast.ClassDef):
            for method in filter(_is_function, statement.body):
                parts[f"{statement.name}.{method.name}"].append(method)  # type: ignore[attr-defined]
    return parts


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at import, with those inside of compound ones after their heads."""
    for statement in body:
        heads = _heads(statement)
        if heads is None:
            yield statement
        elif not is_main(statement):
            yield from heads
            for block in blocks(statement):
                yield from _flat(block)


def is_main(statement: ast.stmt) -> bool:
    """Whether it is ``if __name__ == "__main__":``, which an import does not run."""
    test = statement.test if isinstance(statement, ast.If) else None
    return isinstance(test, ast.Compare) and ast.unparse(test) == "__name__ == '__main__'"


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement that is neither a class nor a function."""
    for part in ("body", "orelse", "finalbody"):
        yield getattr(statement, part, [])
    for inner in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
        yield inner.body


def _heads(statement: ast.stmt) -> list[ast.stmt] | None:
    """What a compound statement runs besides its blocks; None for any other."""
    match statement:
        case ast.If(test=test) | ast.While(test=test):
            return [ast.Expr(test)]
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            return [ast.Assign([target], value)]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            targets = [[item.optional_vars] if item.optional_vars else [] for item in items]
            values = (item.context_expr for item in items)
            return [ast.Assign(*pair) for pair in zip(targets, values, strict=True)]
        case ast.Try(handlers=handlers):
            return [ast.Expr(handler.type) for handler in handlers if handler.type]
        case ast.Match(subject=subject, cases=cases):
            guards = (case.guard for case in cases if case.guard)
            patterns = (ast.Expr(case.pattern) for case in cases)  # type: ignore[arg-type]
            return [ast.Expr(subject), *patterns, *map(ast.Expr, guards)]
    return None


def _names(statement: ast.stmt, content: bytes) -> list[str]:
    """What a statement defines."""
    if _is_function(statement) or isinstance(statement, ast.ClassDef):
        return [statement.name]  # type: ignore[attr-defined]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    if b":=" in content:
        targets += [node.target for node in ast.walk(statement) if isinstance(node, ast.NamedExpr)]
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


@dataclass
class _Mentioned:
    """See ``Mentions``."""

    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def frozen(self) -> Mentions:
        parts = (self.names, self.attributes, self.texts, self.prefixes, self.asked)
        return Mentions(*(frozenset(part - {""}) for part in parts))


class _Reader(ast.NodeVisitor):
    """Collects what nodes mention, and the imports in them."""

    def __init__(self) -> None:
        self.mentioned = {training: _Mentioned() for training in (False, True)}
        self.training = False
        self.looks_up = False
        self.defaults: defaultdict[str, set[str]] = defaultdict(set)
        self.imports: list[tuple[str, Import]] = []
        self.loads: list[Import] = []

    @property
    def now(self) -> _Mentioned:
        return self.mentioned[self.training]

    def definition(self, nodes: Iterable[ast.AST]) -> Definition:
        classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
        bases = (_dotted(base) for node in classes for base in node.bases)
        return Definition(
            self.mentioned[False].frozen(),
            self.mentioned[True].frozen(),
            bool(classes),
            frozenset(base or "" for base in bases),
            {name: frozenset(texts) for name, texts in self.defaults.items()},
            self.looks_up,
        )

    def visit_arguments(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        given = zip(reversed(positional), reversed(node.defaults), strict=False)
        for argument, default in (*given, *zip(node.kwonlyargs, node.kw_defaults, strict=True)):
            if isinstance(default, ast.Constant) and _is_name(default.value):
                self.defaults[argument.arg].add(default.value)
            elif default is not None:
                self.visit(default)
        for argument in (*positional, *node.kwonlyargs):
            if argument.annotation is not None:
                self.visit(argument.annotation)

    def visit_Call(self, node: ast.Call) -> None:
        """Asking whether an object is of a class does not use the class."""
        asks = isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "issubclass")
        for number, argument in enumerate(node.args):
            kinds = argument.elts if isinstance(argument, ast.Tuple) else [argument]
            for kind in kinds if asks and number else ():
                self.now.asked.add(_dotted(kind) or "")
            if not (asks and number) or not all(map(_dotted, kinds)):
                self.visit(argument)
        self.visit(node.func)
        for keyword in node.keywords:
            self.visit(keyword)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A text that is compared with names nothing."""
        for operand in (node.left, *node.comparators):
            is_literal = isinstance(operand, (ast.Tuple, ast.List, ast.Set))
            for part in operand.elts if is_literal else [operand]:  # type: ignore[attr-defined]
                if not isinstance(part, ast.Constant):
                    self.visit(part)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._append(node.left)
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._append(*node.values[:1])
        self.generic_visit(node)

    def _append(self, *start: ast.expr) -> None:
        """Notes a text to which others are appended, which can be a placeholder in it."""
        for node in start:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.now.prefixes.add(node.value.partition("%")[0].partition("{")[0])

    def visit_Name(self, node: ast.Name) -> None:
        self.now.names.add(node.id)
        self.looks_up |= node.id in LOOKUPS

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.now.attributes.add(node.attr)
        self.looks_up |= node.attr in LOOKUPS
        dotted = _dotted(node)
        if dotted is not None:
            self.now.names.add(dotted)
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if is_text and node.attr == "format":
            self._append(node.value)
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if _is_name(node.value):
            self.now.texts.add(node.value)

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
            imported = Import(alias.name if alias.asname else top)
            self.imports.append((alias.asname or top, imported))
            self.loads.append(Import(alias.name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            imported = Import(node.module or "", node.level, alias.name)
            self.loads.append(imported)
            if alias.name != "*":
                self.imports.append((alias.asname or alias.name, imported))

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
        return True if _dotted(test) == "self.training" else None
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
