"""The entries: what an attacker does, what holds, where, and the test that fails without it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import Field, field_validator, model_validator

from core.errors import InputError
from core.installation import ROOT
from core.safe_yaml import parse_yaml
from core.schema import StrictModel, validate

FOLDER = "tests/defences"
NEXT = "tests/README.md describes the entries"


class Defence(StrictModel):
    """One defence. ``remove`` occurs once in ``file``; ``leave`` stands there without the defence.
    ``test`` is the id of a test that is green with the defence and red without it.
    """

    threat: str = Field(min_length=1, description="What the attacker does, on one line.")
    defence: str = Field(min_length=1, description="What holds, on one line.")
    file: str
    remove: str = Field(min_length=1)
    leave: str
    test: str = Field(pattern=r"^tests/\S+\.py(::\w+)+(\[.*\])?$")

    @field_validator("threat", "defence")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if "\n" in text.strip():
            raise ValueError("write it on one line")
        return text.strip()

    @field_validator("file")
    @classmethod
    def _inside(cls, file: str) -> str:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("give a path below the root of slimgate")
        return file

    @model_validator(mode="after")
    def _differs(self) -> Defence:
        if self.remove == self.leave:
            raise ValueError("'leave' is the same as 'remove'")
        return self


@dataclass(frozen=True)
class Entry:
    """A defence of an area; ``number`` counts from 1 within the area's file."""

    area: str
    number: int
    defence: Defence


def area_files(root: Path = ROOT) -> dict[str, Path]:
    """The file of entries of each area."""
    return {path.stem: path for path in sorted((root / FOLDER).glob("*.yml"))}


def load_areas(root: Path = ROOT, only: Sequence[str] = ()) -> dict[str, list[Entry]]:
    """The entries of the areas ``only`` (empty: all); raises InputError for an unknown area, or for
    the first entry that is malformed.
    """
    files = area_files(root)
    for area in only:
        if area not in files:
            raise InputError(
                f"unknown area {area!r}",
                key="--only",
                given=area,
                choices=tuple(files),
                hint="give the name of a file of entries, without .yml",
            )
    return {area: _load(files[area]) for area in only or files}


def select(areas: dict[str, list[Entry]], match: str = "") -> list[Entry]:
    """The entries that hold the text, in letters of either case."""
    entries = (entry for area in areas.values() for entry in area)
    return [entry for entry in entries if match.casefold() in _text(entry).casefold()]


def places(text: str, part: str) -> list[tuple[int, int, str]]:
    """Where the part occurs: start, end, and the indentation that its lines have beyond those of
    the part. A block of YAML has lost the indentation of its first line.
    """
    if "\n" not in part:
        starts = (m.start() for m in re.finditer(re.escape(part), text))
        return [(start, start + len(part), _indentation(text, start)) for start in starts]
    exact = [(m.start(), m.end(), "") for m in re.finditer(re.escape(part), text)]
    if exact:
        return exact
    first, *rest = (re.escape(line) for line in part.split("\n"))
    indented = "".join(rf"\n(?P=indent){line}" if line else r"\n" for line in rest)
    pattern = rf"^(?P<indent>[ \t]*){first}{indented}"
    blocks = re.finditer(pattern, text, re.MULTILINE)
    return [(m.start() + len(m["indent"]), m.end(), m["indent"]) for m in blocks]


def _indentation(text: str, start: int) -> str:
    """The white space before this place, if it is the first of its line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return "" if before.strip() else before


def without(text: str, defence: Defence) -> str:
    """The file's text without the defence; raises InputError unless it occurs exactly once."""
    occurrences = places(text, defence.remove)
    if len(occurrences) != 1:
        raise InputError(
            f"'remove' occurs {len(occurrences)} times instead of once",
            file=defence.file,
            key="remove",
            hint="copy the lines of the defence as they are now, with enough of them to be unique",
        )
    start, end, indent = occurrences[0]
    replacement = textwrap.indent(defence.leave, indent).removeprefix(indent)
    return text[:start] + replacement + text[end:]


def has_test(defence: Defence, root: Path = ROOT) -> bool:
    """Whether the file of tests has the function that the test's id names."""
    file, *names = defence.test.partition("[")[0].split("::")
    path = root / file
    nodes: list[ast.stmt] = ast.parse(path.read_text("utf-8")).body if path.is_file() else []
    for name in names:
        named = (n for n in nodes if isinstance(n, (ast.ClassDef, ast.FunctionDef)))
        match = next((node for node in named if node.name == name), None)
        if match is None:
            return False
        nodes = match.body
    return bool(nodes)


def _load(path: Path) -> list[Entry]:
    return [
        Entry(path.stem, number, validate(Defence, item, f"{path}, entry {number}"))
        for number, item in enumerate(_items(path), start=1)
    ]


def _items(path: Path) -> Iterator[object]:
    items = parse_yaml(path.read_bytes(), str(path), unique_keys=True)
    if items is not None and not isinstance(items, list):
        raise InputError("holds no list of entries", file=str(path), hint=NEXT)
    yield from items or ()


def _text(entry: Entry) -> str:
    return "\n".join([entry.area, *entry.defence.model_dump().values()])
