"""Weights whose values are all whole numbers."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH


def check(subject: Subject) -> Iterator[Problem]:
    """A recipe that quantises an export with such weights."""
    graph = subject.graph
    assert graph is not None
    section = next((n for n in ("QuantAware", "QuantPost") if n in subject.recipe.data), None)
    if graph.integer_weights and section is not None:
        names = ", ".join(graph.integer_weights[:3])
        yield Problem(
            f"weights that hold whole numbers only: {len(graph.integer_weights)} ({names}); oneDNN "
            "would take them for int8 weights and fail; slimgate shifts them by a millionth",
            (section,),
        )


RULE = Rule(
    code="SG204",
    name="whole-numbers",
    severity="note",
    stage="graph",
    title="Weights whose values are all whole numbers",
    why=(
        "`quant_dequant_mkldnn_pass` of Paddle 2.6 takes any such weight of a convolution or "
        'product for an already quantised one and ends in "Could not find threshold information".'
        " Examples are the projection `[0 … reg_max]` in the heads of PicoDet and PP-YOLOE, and "
        "initial weights of zero."
    ),
    remedy=(
        "Nothing to do in slimgate: it shifts such weights by a relative 1e-6 before it "
        "compresses, far below fp32's own rounding, and reports that. With upstream's scripts, do"
        " the same."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"graph": {**GRAPH, "integer_weights": ("constant_0",)}},
        good_facts={"graph": GRAPH},
    ),
)
