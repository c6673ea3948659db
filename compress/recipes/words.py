"""What a recipe may say without a maintainer: numbers, and words that no code can hide in.

Recipes are parsed by a schema of known keys (``compress.recipes.parse``). Their texts name methods,
op types, nodes and files of models, and PaddleSlim looks some of them up as attributes of Paddle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compress.differences import flatten
from compress.suites.dialect import Document

WORD = re.compile(r"((\./)?[A-Za-z0-9_][A-Za-z0-9_./@:+-]*)?")
MAX_WORD = 200
SHOWN = 60


def unknown_in_recipe(recipe: Document) -> Iterator[str]:
    """Texts and keys that could be more than names, each with its dotted path."""
    for path, leaf in flatten(recipe):
        if not all(_is_word(key) for key in path):
            yield f"{'.'.join(path)[:SHOWN]} (a key that is no plain word)"
        elif isinstance(leaf, str) and not _is_word(leaf):
            yield f"{'.'.join(path)}: {leaf[:SHOWN]} (a text that is no plain word)"


def _is_word(text: Any) -> bool:
    word = str(text)
    return len(word) <= MAX_WORD and bool(WORD.fullmatch(word)) and ".." not in word.split("/")
