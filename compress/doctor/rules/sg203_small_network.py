"""Depthwise convolutions quantised in a small network."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH
from compress.recipes.op_types import PTQ_OP_TYPES, QAT_OP_TYPES

SMALL, MANY = 2_000_000, 0.25
"""Upper limit of the number of weights, and least share of depthwise among all convolutions:
PicoDet-S has 1.2 million weights and a share of 0.4."""


def check(subject: Subject) -> Iterator[Problem]:
    """A small network with many depthwise convolutions, which the recipe quantises."""
    graph = subject.graph
    assert graph is not None
    depthwise = graph.ops.get("depthwise_conv2d", 0)
    convolutions = depthwise + graph.ops.get("conv2d", 0)
    if graph.weights >= SMALL or not convolutions or depthwise / convolutions < MANY:
        return
    for name, default in (("QuantAware", QAT_OP_TYPES), ("QuantPost", PTQ_OP_TYPES)):
        section = subject.section(name)
        if section is not None and "depthwise_conv2d" in (
            section.get("quantize_op_types") or default
        ):
            key = ("quantize_op_types",) if "quantize_op_types" in section else ()
            yield Problem(
                f"{depthwise} of {convolutions} convolutions of this small network "
                f"({graph.weights / 1e6:.1f} million weights) are depthwise; quantising them "
                "may ruin its accuracy",
                (name, *key),
            )


RULE = Rule(
    code="SG203",
    name="small-network",
    severity="warning",
    stage="graph",
    title="Depthwise convolutions quantised in a small network",
    why=(
        "Each filter of a depthwise convolution sees one channel, so that its error is not "
        "averaged away. The published recipe of PP-PicoDet-S leaves `depthwise_conv2d` out: 29.06"
        " to 28.82 mAP without it (published), a collapse with it. PicoDet-XS of the example "
        "loses 0.70 points with it and 0.49 without (`make check-accuracy`)."
    ),
    remedy="Quantise `conv2d` only, and compare the accuracy of both.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d]\n",
        bad_facts={
            "graph": {**GRAPH, "ops": {"conv2d": 60, "depthwise_conv2d": 40}, "weights": 1_200_000}
        },
    ),
)
