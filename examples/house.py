"""Measures how the code is built: sizes, names, tests, doubles, seams.

``python -m examples.house [FOLDER]`` prints the figures of a checkout (default: this one), so that
two revisions can be laid side by side.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("core", "compress", "bench", "bot")
LONG_FUNCTION, LONG_MODULE = 40, 300
PRONOUNS = frozenset(
    """
    one ones found known made asked told given wanted got seen left other others thing things it
    they them this that these those which what who whom whose here there everything something
    nothing anything somebody nobody everybody taken done gone kept shown held named called chosen
    """.split()  # noqa: SIM905  a name a line would be a page
)
"""Bindings that name nothing: pronouns, and participles without the noun that they describe."""
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
BRANCHES = (ast.If, ast.IfExp, ast.BoolOp, ast.Try, ast.While, ast.comprehension)
"""A module whose functions hold one of these decides something."""
WINDOW = 6
"""Lines of code in a row that make two places duplicates."""
SUITE_WORDS = re.compile(r"paddleseg|paddledet|ppdet|PaddleSeg|PaddleDet")


@dataclass(frozen=True)
class Module:
    """A module of the product with its syntax tree."""

    name: str
    path: Path
    lines: int
    tree: ast.Module


def main() -> int:
    """Prints a line for each figure."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    modules = list(load_modules(root))
    for name, value in figures(root, modules):
        print(f"{name:48} {value}")
    return 0


def load_modules(root: Path) -> Iterator[Module]:
    """Every module below the packages that the checkout has."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            text = path.read_text()
            name = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
            yield Module(name.removesuffix(".__init__"), path, text.count("\n"), ast.parse(text))


def figures(root: Path, modules: list[Module]) -> Iterator[tuple[str, str]]:
    """Name and value of each figure."""
    lengths = sorted(length for module in modules for length in function_lengths(module.tree))
    sizes = sorted(module.lines for module in modules)
    yield "modules, lines", f"{len(modules)}, {sum(sizes)}"
    yield (
        "function lines: median, p90, longest",
        (f"{statistics.median(lengths):.0f}, {lengths[int(0.9 * len(lengths))]}, {lengths[-1]}"),
    )
    over = sum(length > LONG_FUNCTION for length in lengths)
    yield f"functions past {LONG_FUNCTION} lines", f"{over} of {len(lengths)}"
    longest = max(modules, key=lambda module: module.lines)
    yield (
        "module lines: median, longest",
        (f"{statistics.median(sizes):.0f}, {longest.lines} ({longest.name})"),
    )
    yield f"modules past {LONG_MODULE} lines", str(sum(n > LONG_MODULE for n in sizes))
    yield "modules flat in bot/", str(flat_modules(root / "bot"))
    tested, deciding = tested_modules(root, modules)
    yield "modules with a test of their name", f"{tested / deciding:.0%} ({tested} of {deciding})"
    bindings = Counter(name for module in modules for name in bound_names(module.tree))
    poor = sum(count for name, count in bindings.items() if name in PRONOUNS)
    yield (
        "bindings that are pronouns or participles",
        (f"{poor / bindings.total():.2%} ({poor} of {bindings.total()})"),
    )
    classes = Counter(name for module in modules for name in class_names(module.tree))
    twice = sorted(name for name, count in classes.items() if count > 1)
    yield "class names defined twice", f"{len(twice)} {' '.join(twice)}".strip()
    yield "pairs of duplicated places", str(sum(1 for _ in duplicated_places(modules)))
    knowing = sorted(set(suite_knowing(modules)))
    yield (
        "modules that know a suite outside its folder",
        f"{len(knowing)} {' '.join(knowing)}".strip(),
    )


def function_lengths(tree: ast.Module) -> Iterator[int]:
    """Lines of each function and method, from its ``def`` to its end."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def flat_modules(folder: Path) -> int:
    """Modules directly in a package."""
    return sum(path.name != "__init__.py" for path in folder.glob("*.py"))


def tested_modules(root: Path, modules: list[Module]) -> tuple[int, int]:
    """How many of the modules that decide something have a test file of their name, and how many
    there are: ``tests/PACKAGE/…/test_NAME.py`` tests ``PACKAGE/…/NAME.py``.
    """
    deciding = [module for module in modules if decides(module.tree)]
    return sum(test_file(root, module).is_file() for module in deciding), len(deciding)


def decides(tree: ast.Module) -> bool:
    """Whether a function of the module branches."""
    functions = (node for node in ast.walk(tree) if isinstance(node, NAMED[:2]))
    return any(isinstance(node, BRANCHES) for function in functions for node in ast.walk(function))


def test_file(root: Path, module: Module) -> Path:
    """Where the test of a module belongs; that of a package's ``__init__`` beside its modules'."""
    path = module.path.relative_to(root)
    name = path.parent.name if path.name == "__init__.py" else path.stem
    return root / "tests" / path.parent / f"test_{name}.py"


def bound_names(tree: ast.Module) -> Iterator[str]:
    """Every name that is bound: variables, arguments, functions, classes, fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, NAMED) and node.name:
            yield node.name


def class_names(tree: ast.Module) -> Iterator[str]:
    """Classes at the top of a module that are not private to it."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def duplicated_places(modules: list[Module]) -> Iterator[tuple[str, str]]:
    """Pairs of places that share ``WINDOW`` lines of code in a row; imports, blank lines and
    comments do not count, and of a longer stretch only the first lines do.
    """
    places: dict[tuple[str, ...], tuple[str, int]] = {}
    for module in modules:
        lines = list(code_lines(module))
        last = -WINDOW
        for start in range(len(lines) - WINDOW + 1):
            window = tuple(text for _, text in lines[start : start + WINDOW])
            first = places.setdefault(window, (module.name, start))
            if first != (module.name, start) and start >= last + WINDOW:
                last = start
                yield f"{first[0]}", f"{module.name}:{lines[start][0]}"


def code_lines(module: Module) -> Iterator[tuple[int, str]]:
    """Number and text of every line that counts."""
    imports = {
        number
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    for number, line in enumerate(module.path.read_text().split("\n"), 1):
        text = line.strip()
        if text and not text.startswith("#") and number not in imports and len(text) > 1:
            yield number, text


def suite_knowing(modules: list[Module]) -> Iterator[str]:
    """Modules outside ``compress/suites/NAME`` whose code, docstrings aside, names a suite; the
    registry ``compress/suites/__init__.py``, which lists those folders, does not count.
    """
    for module in modules:
        inside = module.name == "compress.suites" or (
            module.name.startswith("compress.suites.") and _is_suite(module)
        )
        if not inside and any(SUITE_WORDS.search(text) for text in code_texts(module.tree)):
            yield module.name


def _is_suite(module: Module) -> bool:
    return bool(SUITE_WORDS.search(module.name))


def code_texts(tree: ast.Module) -> Iterator[str]:
    """Names and strings of the code, without docstrings."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documented:
                yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


if __name__ == "__main__":
    sys.exit(main())
