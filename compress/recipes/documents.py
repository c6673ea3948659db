"""Finds a recipe's document: in the suite's revision, or among those that ship with slimgate."""

from __future__ import annotations

from pathlib import PurePosixPath

from compress.manifest import SHIPPED
from compress.resolve import ConfigTree
from compress.suites.dialect import Document
from core.errors import InputError
from core.installation import shipped
from core.safe_yaml import parse_mapping


def recipe_document(file: str, tree: ConfigTree) -> Document | None:
    """The recipe's content, None if the revision lacks the file; ``slimgate:NAME`` is a recipe
    that ships with slimgate. Raises InputError for an unknown NAME, or one that is not a mapping.
    """
    if file.startswith(SHIPPED):
        folder = shipped("configs") / "recipes"
        path = folder / PurePosixPath(file.removeprefix(SHIPPED)).name
        if not path.is_file():
            names = tuple(sorted(SHIPPED + recipe.name for recipe in folder.glob("*.yaml")))
            raise InputError(
                "slimgate has no recipe of this name",
                key="recipes.file",
                given=file,
                choices=names,
                hint="name one of these in the manifest",
            )
        return parse_mapping(path.read_bytes(), file)
    return tree.document(file) if file in tree.files else None
