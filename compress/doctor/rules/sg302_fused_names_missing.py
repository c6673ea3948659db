"""Fused convolutions left in fp32."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

CONVOLUTIONS = {"conv2d", "depthwise_conv2d"}
UPSTREAM = {"name": "cpu-onednn-int8", "op_types": ("conv2d", "depthwise_conv2d")}


def check(subject: Subject) -> Iterator[Problem]:
    """A target that quantises convolutions, but not under their fused name."""
    target = subject.target
    assert target is not None
    types = set(target.op_types or ())
    if target.name == "cpu-onednn-int8" and types & CONVOLUTIONS and "fused_conv2d" not in types:
        yield Problem(
            "most convolutions are named fused_conv2d by the time the int8 pass runs, and stay in "
            "fp32",
            (),
        )


RULE = Rule(
    code="SG302",
    name="fused-names-missing",
    severity="error",
    stage="target",
    title="Fused convolutions left in fp32",
    why=(
        'Both suites\' scripts call `enable_mkldnn_int8({"conv2d", "depthwise_conv2d"})`. '
        "Paddle 2.6 has fused most convolutions by then: of PP-LiteSeg's 47, 5 run in int8, "
        "and int8 is as slow as fp32 (41.7 against 41.3 ms; 24.5 ms with `fused_conv2d`). "
        "docs/int8.md has more."
    ),
    remedy="Add `fused_conv2d`. slimgate does so itself; `slimgate bench` compares op sets.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
        bad_facts={"target": UPSTREAM},
        good_facts={"target": {**UPSTREAM, "op_types": (*UPSTREAM["op_types"], "fused_conv2d")}},
    ),
)
