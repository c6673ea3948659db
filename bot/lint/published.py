"""Holds a manifest's published figures against the suite's tables at a revision. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from compress.manifest import SHIPPED, Manifest, Model, Published

NUMBER = re.compile(r"(?<![\w.,+-])[0-9]+(?:\.[0-9]+)?(?=\s*(?:ms|%)?(?:[^\w.,]|[.,](?![0-9])|$))")
BEFORE = ("accuracy_before_points", "latency_before_ms")
AFTER = ("accuracy_after_points", "latency_after_ms")


@dataclass(frozen=True)
class TableRow:
    """A row of a table: the file and line, the name in its first cell, the numbers and the files
    (without folders) that it links to.
    """

    file: str
    line: int
    name: str
    numbers: tuple[Decimal, ...]
    links: frozenset[str]

    def __str__(self) -> str:
        """``readme.md:29: PP-MobileSeg-Base: 38.18, 439.8, 21.1``."""
        return f"{self.file}:{self.line}: {self.name}: {', '.join(map(str, self.numbers))}"


@dataclass(frozen=True)
class Unconfirmed:
    """A published figure of the manifest that is in no row about its case. ``rows``: those about
    it; without any, no row links to the recipe.
    """

    case: str
    machine: str
    key: str
    value: Decimal
    rows: tuple[TableRow, ...]


def read_tables(text: str, file: str) -> Iterator[TableRow]:
    """The rows of all tables of a Markdown text, without their headers."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells: list[Token] = []
    line, in_body = 0, False
    for token in tokens:
        if token.type in ("tbody_open", "tbody_close"):
            in_body = token.type == "tbody_open"
        elif token.type == "tr_open":
            cells, line = [], (token.map or [0])[0] + 1
        elif token.type == "inline" and in_body:
            cells.append(token)
        elif token.type == "tr_close" and in_body and cells:
            yield _row(file, line, cells)


def _row(file: str, line: int, cells: Sequence[Token]) -> TableRow:
    name, *others = map(_text, cells)
    numbers = tuple(Decimal(number) for text in others for number in NUMBER.findall(text))
    inner = (child for cell in cells for child in cell.children or ())
    links = (urlsplit(str(c.attrs["href"])).path for c in inner if c.type == "link_open")
    linked = frozenset(posixpath.basename(unquote(link)) for link in links)
    return TableRow(file, line, name, numbers, linked)


SHOWN = ("text", "code_inline", "html_inline", "softbreak", "hardbreak")
"""What a cell shows: a tag, such as a line break, stands between words."""


def _text(cell: Token) -> str:
    kinds = {"text", "code_inline"}
    parts = (c.content if c.type in kinds else " " for c in cell.children or () if c.type in SHOWN)
    return "".join(parts).strip(" *")


def find_unconfirmed(manifest: Manifest, rows: Sequence[TableRow]) -> Iterator[Unconfirmed]:
    """Figures of the manifest that differ from the tables. The row that links to a case's recipe is
    about the case, and so are rows of its name in the same file. What is published of a recipe that
    is not the suite's is not looked for.
    """
    for model in manifest.models:
        files = {recipe.name: posixpath.basename(recipe.file) for recipe in model.recipes}
        for published in suites_own(model):
            own = [row for row in rows if files.get(published.recipe) in row.links]
            names = {(row.file, row.name) for row in own if row.name}
            about = tuple(row for row in rows if row in own or (row.file, row.name) in names)
            yield from _unconfirmed(model, published, about)


def suites_own(model: Model) -> list[Published]:
    """The published rows of recipes that the suite ships."""
    shipped = {recipe.name for recipe in model.recipes if recipe.file.startswith(SHIPPED)}
    return [row for row in model.published if row.recipe not in shipped]


def _unconfirmed(
    model: Model, published: Published, rows: tuple[TableRow, ...]
) -> Iterator[Unconfirmed]:
    numbers = {number for row in rows for number in row.numbers}
    for key in (*BEFORE, *AFTER):
        value = getattr(published, key)
        if value is not None and Decimal(str(value)) not in numbers:
            case = f"{model.name}.{published.recipe}"
            yield Unconfirmed(case, published.machine, key, Decimal(str(value)), rows)


def table_files(manifest: Manifest, files: Mapping[str, object]) -> list[str]:
    """The Markdown files beside the folders of recipes, where the suites publish their tables."""
    folders = {posixpath.dirname(root) for root in manifest.recipe_roots}
    return sorted(
        file
        for file in files
        if file.lower().endswith(".md") and posixpath.dirname(file) in folders
    )
