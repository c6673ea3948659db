"""Reads what a Python file decorates or registers at import, without running it."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

MAX_FILE_BYTES = 250_000
"""Longer files are left unread; the longest of both suites has 160 kB. Python's parser takes up to
1000 bytes and 6 µs for each byte."""
MAX_BRACE_BYTES = 64_000_000
"""Bytes times opening braces beyond which a file is left unread, since Python 3.11 looks through a
whole f-string for each of its expressions; 6,400,000 are the most in both suites.
"""


@dataclass(frozen=True)
class Module:
    """What matters of one file. ``decorated``: each name with each decorator that it carries or
    function that is called with it; ``wrappers``: its own functions of one argument, with what
    they call with that argument.
    """

    decorated: tuple[tuple[str, str], ...] = ()
    wrappers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public: tuple[str, ...] = ()


@functools.lru_cache(maxsize=1024)
def read_module(content: bytes | None, words: tuple[bytes, ...]) -> Module | None:
    """The module; an empty one for a file with none of the words (if there are any); None if it
    cannot be read. Kept by content: base and head share most files.
    """
    if content is None:
        return None
    if words and not any(word in content for word in words):
        return Module()
    module = parse_once(content)
    if module is None:
        return None
    statements = list(_statements(module))
    aliases = _aliases(statements)
    return Module(
        tuple(pair for statement in statements for pair in _decorated(statement, aliases)),
        {
            statement.name: tuple(_calls_with_argument(statement, aliases))
            for statement in statements
            if isinstance(statement, ast.FunctionDef) and len(statement.args.args) == 1
        },
        tuple(_public_classes(statements)),
    )


def parse_module(content: bytes | None, words: tuple[bytes, ...], *, public: bool) -> Module | None:
    """As ``read_module``; of a ``public`` file also the classes without any of the words."""
    return read_module(content, () if public else words)


_DEFINITION = re.compile(rb"(?:class|def)[ \t]+(\w+)")
_DECORATOR = re.compile(rb"@([\w.]+)")
_FUNCTION = re.compile(rb"^def [^\n]*\n(?:(?:[ \t][^\n]*)?\n)*", re.MULTILINE)
_CLASS = re.compile(rb"^class[ \t]+(\w+)", re.MULTILINE)
_LISTED = re.compile(rb"^__all__ *= *\[[^\]]*\]\n", re.MULTILINE)
_IDLE = re.compile(rb"[ \t]*(?:#|(?:from|import)\b(?!.*\bas\b))")
"""A comment, or an import by its own name."""


def scan_module(content: bytes | None, words: tuple[bytes, ...], *, public: bool) -> Module | None:
    """As ``read_module``, in a tenth of the time, by the lines of a file that does nothing with the
    words but decorate classes and functions at the margin, and call them in functions there. It is
    mistaken where a text holds such lines, or an import gives a decorator another name.
    """
    if content is None:
        return None
    if not public and not any(word in content for word in words):
        return Module()
    decorated = list(_definitions(content))
    lines = set(_lines_with(words, content)).difference(*(block for block, _ in decorated))
    functions = _FUNCTION.findall(content) if lines else []
    if lines - _lines_of(functions):
        return read_module(content, () if public else words)
    parts = [function for function in functions if _lines_of([function]) & lines]
    if public:
        parts += _LISTED.findall(content)
        parts += [b"class %s: pass\n" % name for name in _CLASS.findall(content)]
    rest = read_module(b"".join(parts), ()) if parts else Module()
    if rest is None:
        return read_module(content, () if public else words)
    pairs = (
        (name.decode(), decorator.decode())
        for block, name in decorated
        for line in block
        for decorator in _DECORATOR.findall(line)[:1]
    )
    return Module(tuple(pairs), rest.wrappers, rest.public if public else ())


def _definitions(content: bytes) -> Iterator[tuple[list[bytes], bytes]]:
    """The lines with decorators above a definition at the margin, and what it defines."""
    block: list[bytes] = []
    for line in content.split(b"\n"):
        if line.startswith(b"@"):
            block.append(line)
            continue
        if block and (match := _DEFINITION.match(line)):
            yield block, match[1]
        block = []


def _lines_with(words: tuple[bytes, ...], content: bytes) -> Iterator[bytes]:
    """The lines in which one of the words stands by itself, but for comments and plain imports."""
    end, found = 0, _alone(words)
    while match := found.search(content, end):
        start, end = content.rfind(b"\n", 0, match.start()) + 1, content.find(b"\n", match.end())
        end = len(content) if end < 0 else end
        if not _IDLE.match(content[start:end]):
            yield content[start:end]


def _lines_of(texts: Iterable[bytes]) -> set[bytes]:
    return {line for text in texts for line in text.split(b"\n")}


@functools.lru_cache
def _alone(words: tuple[bytes, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"\b(?:%s)\b" % b"|".join(map(re.escape, words)))


def parse_code(content: bytes) -> ast.Module | None:
    """The syntax of a file; None if it is too long, would take too long, or is no Python."""
    if len(content) > MAX_FILE_BYTES or content.count(b"{") * len(content) > MAX_BRACE_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of strings with escapes such as "\\d"
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=1)
def parse_once(content: bytes) -> ast.Module | None:
    """As ``parse_code``, for readers that take turns: the last is kept, and nobody changes it."""
    return parse_code(content)


def _statements(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, except those inside functions."""
    queue = deque(module.body)
    while queue:
        statement = queue.popleft()
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            for part in ("body", "orelse", "finalbody"):
                queue.extend(getattr(statement, part, []))
            for handler in getattr(statement, "handlers", []):
                queue.extend(handler.body)


def _aliases(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """The real names of what is imported ``as`` something else."""
    imports = (s for s in statements if isinstance(s, (ast.Import, ast.ImportFrom)))
    return {name.asname: name.name for s in imports for name in s.names if name.asname}


def _decorated(statement: ast.stmt, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names with the dotted names of what registers them, whether it does or not."""
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        for decorator in statement.decorator_list:
            function = decorator.func if isinstance(decorator, ast.Call) else decorator
            yield statement.name, _dotted(function, aliases)
    if isinstance(statement, ast.Assign):
        for target in statement.targets:  # manager.KIND._components_dict["Name"] = …
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), _dotted(target.value, aliases)
    value = statement.value if isinstance(statement, (ast.Assign, ast.Expr)) else None
    if isinstance(value, ast.Call):
        for name in _names_in(value.args):  # register(Name), add_component([Name, …])
            yield name, _dotted(value.func, aliases)


def _names_in(arguments: Iterable[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        items = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
        yield from (item.id for item in items if isinstance(item, ast.Name))


def _calls_with_argument(function: ast.FunctionDef, aliases: Mapping[str, str]) -> Iterator[str]:
    """The dotted names of what the function calls with nothing but its argument."""
    argument = function.args.args[0].arg
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and len(node.args) == 1:
            only = node.args[0]
            if isinstance(only, ast.Name) and only.id == argument:
                yield _dotted(node.func, aliases)


def _dotted(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """``manager.MODELS.add_component`` of such an expression; empty for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([aliases.get(node.id, node.id), *reversed(parts)])


def _public_classes(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """The classes in ``__all__``, or without one those whose names begin with no underscore."""
    statements = list(statements)
    listed = next(filter(None, (_all(statement) for statement in statements)), None)
    for statement in statements:
        if isinstance(statement, ast.ClassDef):
            name = statement.name
            if name in listed if listed is not None else not name.startswith("_"):
                yield name


def _all(statement: ast.stmt) -> list[str] | None:
    """The names in ``__all__ = ["Name", …]``; None for any other statement."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.List):
        return None
    if all(isinstance(t, ast.Name) and t.id != "__all__" for t in statement.targets):
        return None
    return [str(e.value) for e in statement.value.elts if isinstance(e, ast.Constant)]
