"""Op types that the export does not contain."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH
from compress.recipes.op_types import QUANTISABLE_OP_TYPES


def check(subject: Subject) -> Iterator[Problem]:
    """A list of op types, none of which occurs in the export."""
    graph = subject.graph
    assert graph is not None
    for name in ("QuantAware", "QuantPost"):
        types = (subject.section(name) or {}).get("quantize_op_types")
        if isinstance(types, list) and types and not any(op_type in graph.ops for op_type in types):
            present = sorted(op for op in graph.ops if op in QUANTISABLE_OP_TYPES)
            yield Problem(
                f"the export has no {', '.join(map(str, types))}: nothing would be quantised; "
                f"it has {', '.join(present[:8])}",
                (name, "quantize_op_types"),
            )


RULE = Rule(
    code="SG202",
    name="absent-op-types",
    severity="error",
    stage="graph",
    title="Op types that the export does not contain",
    why=(
        "Nothing is quantised, and no error says so: the result is as large and as slow as the "
        "original. Products are exported as `matmul_v2`, not as `mul` or `matmul`, since Paddle "
        "2.0."
    ),
    remedy="Choose from the op types of the export, which the message lists.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [mul]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d]\n",
        bad_facts={"graph": GRAPH},
    ),
)
