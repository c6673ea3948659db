"""Op types that PaddleSlim cannot quantise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.op_types import QUANTISABLE_OP_TYPES


def check(subject: Subject) -> Iterator[Problem]:
    """Every op type for which PaddleSlim has no quantiser."""
    for name in ("QuantAware", "QuantPost"):
        types = (subject.section(name) or {}).get("quantize_op_types")
        for index, op_type in enumerate(types if isinstance(types, list) else []):
            if op_type in QUANTISABLE_OP_TYPES or not isinstance(op_type, str):
                continue
            close = difflib.get_close_matches(op_type, QUANTISABLE_OP_TYPES, n=1)
            where = (name, "quantize_op_types", index)
            hint = f"; did you mean {close[0]}?" if close else ""
            edits = edits_of(subject.recipe.replace(where, close[0])) if close else ()
            yield Problem(f"PaddleSlim cannot quantise {op_type!r}{hint}", where, edits)


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
    remedy="Use the names that the message proposes; `compress/recipes/op_types.py` lists all.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
    ),
)
