"""The base of every value that crosses a process boundary: frozen, strict, finite, versioned."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError

from core.errors import InputError
from core.files import read_file
from core.safe_json import MAX_VALUES, encodable, encodable_value, parse_json

MAX_JSON_BYTES, MAX_ERRORS = 64 * 2**20, 1000
WRITTEN = "give the file that slimgate wrote"
"""The next step after a file that people do not write turns out wrong."""


class StrictModel(BaseModel):
    """Refuses unknown keys, NaN and infinities; cannot be changed after validation.

    A NaN in a field of any type is written as ``NaN``, which no reader takes, and not as null.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        populate_by_name=True,
        ser_json_inf_nan="constants",
    )


M = TypeVar("M", bound=StrictModel)


def validate(model: type[M], data: Any, file: str) -> M:
    """Validates plain data; the error names the file, the first wrong key and what is allowed."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _input_error(model, error, file) from error


def load_json(model: type[M], path: Path, max_values: int = MAX_VALUES) -> M:
    """Reads one value from disk; raises InputError if the file is missing, too large or invalid."""
    content = read_file(path, MAX_JSON_BYTES, WRITTEN)
    try:
        data = parse_json(content, max_values)
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}", file=str(path), hint=WRITTEN) from error
    return validate(model, data, str(path))


def dump_json(value: StrictModel, indent: int | None = None) -> str:
    """The value as JSON. Texts of our own, such as messages that quote the name of a file, can hold
    lone surrogates, which become U+FFFD; in files of others ``load_json`` refuses them.
    """
    try:
        return value.model_dump_json(indent=indent, by_alias=True)
    except (PydanticSerializationError, UnicodeEncodeError):
        plain = encodable_value(value.model_dump(mode="json", by_alias=True))
        return json.dumps(plain, indent=indent, ensure_ascii=False)


def write_json(path: Path, value: StrictModel) -> None:
    """Writes atomically: readers see the old file or the whole new one. Raises InputError."""
    write_text(path, dump_json(value, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Writes atomically, through a temporary file in the same folder; raises InputError. A lone
    surrogate becomes U+FFFD.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(encodable(text), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        reason = f"cannot be written: {error.strerror}"
        raise InputError(reason, file=str(path), hint="choose another path") from error


def list_errors(error: ValidationError) -> list[ErrorDetails]:
    """What is wrong; nothing beyond MAX_ERRORS, each of which would take about a kilobyte."""
    if error.error_count() > MAX_ERRORS:
        return []
    return error.errors(include_url=False)


def _input_error(model: type[StrictModel], error: ValidationError, file: str) -> InputError:
    errors = list_errors(error)
    if not errors:
        message = f"{error.error_count()} of its values are wrong"
        return InputError(message, file=file, hint=_hint(model))
    first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
    key = ".".join(str(part) for part in first["loc"]) or None
    unknown = first["type"] == "extra_forbidden"
    choices = _fields_at(model, first["loc"][:-1]) if unknown else ()
    return InputError(
        "unknown key" if unknown else first["msg"].removeprefix("Value error, "),
        file=file,
        key=key,
        given=str(first["loc"][-1]) if first["loc"] else None,
        choices=choices,
        hint="delete or correct the key" if unknown else _hint(model),
    )


def _hint(model: type[StrictModel]) -> str:
    if model.__name__ == "Manifest":
        return "correct it; docs/manifest.md describes every key"
    return WRITTEN


def _fields_at(model: type[StrictModel], path: tuple[int | str, ...]) -> tuple[str, ...]:
    """Names of the fields that the object at ``path`` may have, read from the JSON Schema."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    node: dict[str, Any] = schema
    for part in path:
        node = _follow(node, definitions)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties", {})
    return tuple(_follow(node, definitions).get("properties", {}))


def _follow(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", [node]):
        if "$ref" in option:
            definition: dict[str, Any] = definitions[option["$ref"].rsplit("/", 1)[-1]]
            return definition
    return node
