"""Whether a suite could load a config, told from its text and the names that the code registers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from compress.differences import ABSENT, step
from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites.dialect import Document
from compress.suites.support import Check, SuiteSupport
from core.errors import InputError
from core.safe_yaml import parse_yaml
from core.yaml_parsers import parsers_differ


@dataclass
class LoadCheck:
    """Checks the configs of one revision, each file at most once."""

    tree: ConfigTree
    suite: SuiteSupport
    _files: dict[str, InputError | None] = field(default_factory=dict)

    def problem(self, path: str) -> InputError | None:
        """The first reason why the suite cannot load the config, with the file that holds it: the
        config itself or one that it inherits from. None if there is none.
        """
        error = self.unresolved(path)
        if error is not None:
            return error
        files = list(self.tree.closure(path))
        error = next(filter(None, map(self.problem_of_file, files)), None)
        resolved = self.tree.resolve(path)
        if error is None and self.tree.dialect.is_model(resolved):
            error = self._first(self.suite.check_config, resolved)
            if error is not None:
                error.file = self._origin(error.key or "", files)
        return error

    def load(self, path: str) -> Document:
        """The resolved config; raises InputError if the suite cannot load it."""
        error = self.problem(path)
        if error is not None:
            raise error
        return self.tree.resolve(path)

    def unresolved(self, path: str) -> InputError | None:
        """Why the config cannot be resolved; None if it can."""
        try:
            self.tree.resolve(path)
        except InputError as error:
            error.file = error.file or path
            return error
        return None

    def _first(self, check: Check, document: Document) -> InputError | None:
        """The first error of a check: found quickly, and then told for certain."""
        if next(check(document, find_registry(self.tree, self.suite, quickly=True)), None) is None:
            return None
        return next(check(document, find_registry(self.tree, self.suite)), None)

    def problem_of_file(self, file: str) -> InputError | None:
        """What keeps the suite from reading a single file, whoever inherits from it."""
        if file not in self._files:
            error = next(self._problems_of_file(file), None)
            if error is not None:
                error.file = file
            self._files[file] = error
        return self._files[file]

    def _problems_of_file(self, file: str) -> Iterator[InputError]:
        document, text = self.tree.document(file), self.tree.text(file) or ""
        difference = parsers_differ(text, file)
        if difference is not None:
            yield difference
        if not document and parse_yaml(text, file) is None:
            yield InputError("is empty: the suite cannot load it", hint="add keys, or remove it")
        error = self._first(self.suite.check_file, document)
        if error is not None:
            yield error

    def _origin(self, key: str, files: list[str]) -> str:
        """The file that holds the longest part of the dotted key; the heir's goes before a base."""
        depths = {file: _depth(self.tree.document(file), key.split(".")) for file in files}
        return max(files, key=lambda file: depths[file])


def _depth(value: object, parts: list[str]) -> int:
    """How many of the parts lead into the value, one after another."""
    for depth, part in enumerate(parts):
        value = step(value, part)
        if value is ABSENT:
            return depth
    return len(parts)
