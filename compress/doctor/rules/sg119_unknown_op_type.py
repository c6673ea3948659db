"""Op types that PaddleSlim cannot quantise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.op_types import QUANTISABLE_OP_TYPES
from compress.recipes.successors import OP_TYPES

HINTS = 50
"""So many entries of a list are compared with the known names."""


def check(subject: Subject) -> Iterator[Problem]:
    """Every op type for which PaddleSlim has no quantiser."""
    for name in ("QuantAware", "QuantPost"):
        types = (subject.section(name) or {}).get("quantize_op_types")
        listed: list[Any] = types if isinstance(types, list) else []
        known = QUANTISABLE_OP_TYPES.intersection(map(str, listed))
        for index, op_type in enumerate(listed):
            if not isinstance(op_type, str) or op_type in QUANTISABLE_OP_TYPES:
                continue
            where = (name, "quantize_op_types", index)
            meant = _meant(op_type)
            close = [meant] if meant else _near(op_type) if index < HINTS else []
            hint = f"; did you mean {close[0]}?" if close else ""
            fixable = meant is not None and meant not in known
            edit = subject.recipe.replace(where, str(meant), quoted=True) if fixable else None
            yield Problem(f"PaddleSlim cannot quantise {op_type!r}{hint}", where, edits_of(edit))


def _meant(op_type: str) -> str | None:
    """What the name certainly means: the same in other letters, or a known slip."""
    lowered = op_type.casefold()
    return OP_TYPES.get(lowered) or (lowered if lowered in QUANTISABLE_OP_TYPES else None)


def _near(op_type: str) -> list[str]:
    return difflib.get_close_matches(op_type, QUANTISABLE_OP_TYPES, n=1)


RULE = Rule(
    code="SG119",
    name="unknown-op-type",
    severity="error",
    stage="text",
    title="Op types that PaddleSlim cannot quantise",
    why=(
        "Quantisation-aware training asserts that it knows every listed type; any other name, "
        "such as `Conv2D` or `fused_conv2d`, stops it. Fused names belong to inference, where "
        "slimgate adds them itself."
    ),
    remedy=(
        "Use the names that the message proposes; `compress/recipes/op_types.py` lists all. "
        "`slimgate lint --fix` corrects `Conv2D` and `depthwise_conv`, not names that may be ops."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
    ),
)
