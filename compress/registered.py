"""The registry of a suite's code at one revision, or of the installed package that stands in."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compress.blobs import Group, blobs_in
from compress.resolve import ConfigTree
from compress.suites.code.definitions import read_code_file
from compress.suites.decorated import MAX_FILE_BYTES, parse_module, read_module, scan_module
from compress.suites.dialect import Dialect
from compress.suites.registry_names import Registry, read_registry
from compress.suites.support import SuiteSupport
from core.canonical import content_hash
from core.git import REGULAR_MODES, Entry
from core.installation import installed, installed_package

PYTHON = ".py"
MAX_CODE_BYTES = 12 * 2**20
"""How much code is read of one side; that of PaddleDetection has 4 MB."""


def code_group(trees: Iterable[Mapping[str, Entry]], dialect: Dialect) -> Group:
    """The Python files of the suite's packages, to be read in one go."""
    return Group(blobs_in(trees, dialect.code, (PYTHON,)), MAX_FILE_BYTES, MAX_CODE_BYTES)


def code_files(tree: ConfigTree, suite: SuiteSupport) -> Iterator[tuple[str, bytes | None]]:
    """The Python files of the suite's packages at a revision, by path from its root; None for one
    that is no regular file, or too large.
    """
    yield from ((path, code_of(path, tree)) for path in tree.files if is_code(path, suite))


def code_of(path: str, tree: ConfigTree) -> bytes | None:
    """The content of a file; None if it is missing, no regular file, or too large."""
    entry = tree.files.get(path)
    return tree.read(entry.blob) if entry is not None and entry.mode in REGULAR_MODES else None


def is_code(path: str, suite: SuiteSupport) -> bool:
    """Whether a path is that of a Python file of the suite's packages."""
    return path.startswith(_folders(suite)) and path.endswith(PYTHON)


def find_registry(
    tree: ConfigTree, suite: SuiteSupport, *, quickly: bool = False
) -> Registry | None:
    """What the code registers that workers would import for this revision: its own, else that of
    the installed package, which also wins over a folder without ``__init__.py``. None if there is
    neither, or if it is not known how the suite registers. Read at most once for equal code.
    ``quickly``: by the lines of most files, which can be mistaken (``decorated.scan_module``).
    """
    if suite.registrars is None:
        return None
    if any(f"{folder}/__init__.py" in tree.files for folder in suite.dialect.code):
        return _read(_Code(tree.code, suite, tree), quickly)
    version = installed(suite.distribution)
    if version is None:
        return None
    return _read(_Code(content_hash([suite.distribution, version]), suite, None), quickly)


def read_once(contents: Iterable[bytes | None], suite: SuiteSupport) -> None:
    """Reads files for the registry and for the graph of the code, so that each is parsed once; both
    keep what they read.
    """
    words = suite.registrars.words if suite.registrars else ()
    for content in contents:
        if content is not None:
            read_module(content, words)
            read_code_file(content)


@dataclass(frozen=True)
class _Code:
    """Code by its hash. ``tree``: where to read it; None for the installed package."""

    code_hash: str
    suite: SuiteSupport = field(compare=False)
    tree: ConfigTree | None = field(compare=False)

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        """The Python files of the suite's packages, by path from the suite's root."""
        if self.tree is None:
            yield from _installed_files(self.suite)
        else:
            yield from code_files(self.tree, self.suite)


@functools.lru_cache(maxsize=4)
def _read(code: _Code, quickly: bool) -> Registry:
    assert code.suite.registrars is not None
    read = scan_module if quickly else parse_module
    return read_registry(dict(code.files()), code.suite.registrars, read)


def _folders(suite: SuiteSupport) -> tuple[str, ...]:
    return tuple(f"{folder}/" for folder in suite.dialect.code)


def _installed_files(suite: SuiteSupport) -> Iterator[tuple[str, bytes | None]]:
    for package in suite.dialect.code:
        folder = installed_package(suite.distribution, package)
        for path in sorted(folder.rglob(f"*{PYTHON}")) if folder else ():
            yield f"{package}/{path.relative_to(folder or Path()).as_posix()}", path.read_bytes()
