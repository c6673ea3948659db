"""Products with a vector, which channel-wise quantisation cannot handle."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH
from compress.recipes.op_types import PTQ_OP_TYPES


def check(subject: Subject) -> Iterator[Problem]:
    """``QuantPost`` on matrix products, one of which has a one-dimensional weight."""
    graph = subject.graph
    assert graph is not None
    section = subject.section("QuantPost")
    if section is None or not graph.vector_products:
        return
    types = section.get("quantize_op_types") or PTQ_OP_TYPES
    if {"matmul", "matmul_v2"} & set(types):
        key = ("quantize_op_types",) if "quantize_op_types" in section else ()
        yield Problem(
            f"the weight {graph.vector_products[0]!r} of a product is a vector, on which "
            "channel-wise quantisation fails; slimgate leaves products in fp32",
            ("QuantPost", *key),
        )


RULE = Rule(
    code="SG205",
    name="vector-product",
    severity="note",
    stage="graph",
    title="Products with a vector, which channel-wise quantisation cannot handle",
    why=(
        "PaddleSlim asks for the second dimension of the weight and raises an IndexError. "
        "The heads of PicoDet and PP-YOLOE multiply with `[0 … reg_max]`."
    ),
    remedy="Leave `matmul` and `matmul_v2` out of `quantize_op_types`, as slimgate does itself.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, matmul_v2]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d]\n",
        bad_facts={"graph": {**GRAPH, "vector_products": ("linspace_0",)}},
    ),
)
