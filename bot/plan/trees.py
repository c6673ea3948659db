"""Both revisions of a suite, and its configs."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from compress.loadable import LoadCheck
from compress.manifest import Manifest, under
from compress.resolve import ConfigTree
from compress.suites.dialect import Document
from compress.suites.support import SuiteSupport
from core.errors import InputError

YAML = (".yml", ".yaml")


@dataclass(frozen=True)
class Trees:
    """Both revisions of a suite's configs."""

    base: ConfigTree
    head: ConfigTree
    suite: SuiteSupport

    def changed_files(self) -> set[str]:
        """Files whose content or mode differs, or that exist on one side only. A base can have any
        name.
        """
        old, new = self.base.files, self.head.files
        return {path for path in {*old, *new} if old.get(path) != new.get(path)}

    @functools.cached_property
    def base_check(self) -> LoadCheck:
        """Whether the suite could load base's configs."""
        return LoadCheck(self.base, self.suite)

    @functools.cached_property
    def head_check(self) -> LoadCheck:
        """Whether the suite can load head's configs."""
        return LoadCheck(self.head, self.suite)


def config_paths(tree: ConfigTree, manifest: Manifest) -> list[str]:
    """Every YAML file below the manifest's config and recipe folders, in order."""
    roots = (*manifest.config_roots, *manifest.recipe_roots)
    return sorted(path for path in tree.files if path.endswith(YAML) and under(path, roots))


def resolve_or_none(tree: ConfigTree, path: str) -> Document | None:
    """The resolved content; None if the file is absent or cannot be resolved."""
    if path not in tree.files:
        return None
    try:
        return tree.resolve(path)
    except InputError:
        return None
