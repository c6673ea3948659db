"""Reads untrusted JSON: strict UTF-8, finite numbers, unique keys, no lone surrogates, and as many
values as memory allows: two bytes such as ``[]`` take more than a hundred.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

MAX_DEPTH, MAX_VALUES = 200, 5_000_000
"""A plan in the 64 MiB that are read has fewer values: it is written with one in a line."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of a surrogate; two of them in a row are one character and are harmless."""


def parse_json(data: bytes, max_values: int = MAX_VALUES) -> Any:
    """The value; raises ValueError that says what is wrong. JSON's escapes can spell halves of a
    surrogate pair, which no file, terminal or request can hold afterwards: they are refused.
    """
    text = data.decode("utf-8")
    require_few_values(text, max_values)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_refuse_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _require_shallow(value)
    if _SURROGATE.search(text):
        for inner in _texts(value):
            _require_encodable(inner)
    return value


def require_few_values(text: str, most: int) -> None:
    """Raises ValueError if JSON may hold more values than ``most``. Commas and brackets inside of
    texts count as well, which costs nothing where the limit is far above what is written.
    """
    if sum(map(text.count, ",[{")) >= most:
        raise ValueError(f"more than {most} values")


def encodable(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate, as in names of files that are not
    UTF-8 and in messages that quote them.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encodable_value(value: Any) -> Any:
    """A plain value whose texts and keys are ``encodable``."""
    if isinstance(value, dict):
        return {encodable_value(key): encodable_value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [encodable_value(inner) for inner in value]
    return encodable(value) if isinstance(value, str) else value


def _require_shallow(value: Any) -> None:
    """Raises ValueError beyond MAX_DEPTH, at which writers of JSON give up."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level if _is_open(outer) for inner in _inner(outer)]
        level = [inner for inner in level if _is_open(inner)]
        if not level:
            return
    raise ValueError(f"nested deeper than {MAX_DEPTH} levels")


def _is_open(value: Any) -> bool:
    return isinstance(value, (dict, list))


def _inner(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            pending += [*part, *part.values()]
        elif isinstance(part, list):
            pending += part


def _require_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"a text holds half of a character: {text[:40]!a}") from error


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object has the same key twice")
    return result


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:40]} is beyond all numbers")
    return number


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")
