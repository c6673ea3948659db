"""The value that was meant, where YAML or ACT reads another one."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from compress.recipes.kinds import STRICTLY_FLOAT, Where, kinds_at
from compress.recipes.successors import WORDS

SCIENTIFIC = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+", re.ASCII)
LARGEST_INTEGER = 10**15
FLOATS = ("alpha", "learning_rate", "lr")


def normalise(value: Any, key: str, repairs: list[str]) -> Any:
    """The intended value: "None" is null, "1e-4" a number, an integer ``alpha`` a float. Appends a
    remark for each change to ``repairs``.
    """
    if isinstance(value, dict):
        return {k: normalise(v, f"{key}.{k}", repairs) for k, v in value.items()}
    if isinstance(value, list):
        return [normalise(v, f"{key}.{i}", repairs) for i, v in enumerate(value)]
    meant = meant_value(value, key)
    if meant is not value:
        repairs.append(f"{key}: {value!r} read as {meant!r}")
    return meant


def meant_value(value: Any, key: str) -> Any:
    """The intended value of the scalar at a dotted path; the same object if it needs no change."""
    return meant_at(value, tuple(int(p) if p.isdecimal() else p for p in key.split(".")))


def meant_at(value: Any, where: Where) -> Any:
    """The intended value of the scalar at a path; the same object if it needs no change."""
    if value == "None":
        return None
    kinds = kinds_at(where)
    if isinstance(value, str):
        if SCIENTIFIC.fullmatch(value) and "text" not in kinds:
            return _number(value, kinds)
        return words_at(where).get(value, value)
    if isinstance(value, float) and _whole(value) and kinds <= {"integer", "null"}:
        return int(value)
    strictly = where in STRICTLY_FLOAT or where[-1] in FLOATS
    if strictly and isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # ACT asserts on integers here, without a message
    return value


def words_at(where: Where) -> dict[str, str]:
    """Today's words for those of earlier releases, as values of a key or of a list's items."""
    return WORDS.get(tuple(part for part in where if isinstance(part, str)), {})


def _number(text: str, kinds: frozenset[str]) -> Any:
    """The number that YAML 1.1 reads as text; the text if the place takes no such number."""
    value = float(text)
    if not math.isfinite(value):
        return text
    if not kinds <= {"integer", "null"}:
        return value
    return int(Decimal(text)) if _whole(value) else text


def _whole(value: float) -> bool:
    return math.isfinite(value) and value.is_integer() and abs(value) <= LARGEST_INTEGER


def number(value: Any) -> float | None:
    """The value if it is a number; truth values are none."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def decimal(value: float) -> str:
    """The number without an exponent, or with a point and a signed exponent where that takes more
    than twenty digits: in a form that every YAML reader takes for the same number.
    """
    if isinstance(value, int):
        return str(value)
    plain = f"{Decimal(repr(value)):f}"
    if len(plain) > LONGEST:
        mantissa, _, exponent = repr(value).partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent):+03d}"
    return plain if "." in plain else f"{plain}.0"


LONGEST = 24
