"""The door for lines, in both directions: a line feed alone ends a line, as in git and JSON Lines.

``str.splitlines`` also ends lines at U+2028, U+0085, form feeds and six more characters, any of
which may stand inside a JSON string or a line of YAML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal

from pydantic import ValidationError

from core.safe_json import require_few_values
from core.schema import M, StrictModel, dump_json, list_errors

MAX_LINE_VALUES = 100_000
"""A case in the history has less than a thousand."""


def split_lines(text: str) -> list[str]:
    """The lines without their ends; a carriage return stays, as part of its line."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def join_lines(lines: Iterable[str]) -> str:
    """The text of the lines, each with its end; raises ValueError for a line that has one inside,
    which would be read as two.
    """
    texts = list(lines)
    if any("\n" in text for text in texts):
        raise ValueError("a line holds a line break")
    return "".join(f"{text}\n" for text in texts)


def decode_lines(data: bytes) -> list[str | None]:
    """The lines of UTF-8 bytes; None in place of a line that is not UTF-8."""
    parts = data.split(b"\n")
    return [_decode(part) for part in (parts if parts[-1] else parts[:-1])]


def _decode(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True)
class ParsedLines(Generic[M]):
    """The values of JSON Lines. ``bad`` counts the lines that hold no such value; lines of another
    version of the schema, such as a newer one, are in neither.
    """

    values: list[M]
    bad: int


def parse_lines(model: type[M], lines: Iterable[str | None]) -> ParsedLines[M]:
    """The values in order; empty lines do not count."""
    read = [_value(model, line) for line in lines if line is None or line.strip()]
    values = [value for value in read if isinstance(value, model)]
    return ParsedLines(values, sum(value is None for value in read))


def _value(model: type[M], line: str | None) -> M | Literal["other version"] | None:
    """The line's value; None if it holds none."""
    try:
        require_few_values(line or "", MAX_LINE_VALUES)
        return model.model_validate_json(line or "")
    except ValidationError as error:
        schema = any(problem["loc"] == ("schema",) for problem in list_errors(error))
        return "other version" if schema else None
    except ValueError:
        return None


def append_line(path: Path, value: StrictModel) -> None:
    """Appends a value to a file of JSON Lines; a last line without its end is ended first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        size = stream.tell()
        if size:
            stream.seek(size - 1)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write(join_lines([dump_json(value)]).encode())
