"""Layers without ranges for TensorRT."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

HERE = {"name": "gpu-trt-int8"}


def check(subject: Subject) -> Iterator[Problem]:
    """Convolutions and matrix products that TensorRT cannot run in int8."""
    target = subject.target
    assert target is not None
    if target.name != "gpu-trt-int8" or target.ranges is None:
        return
    ranged, total = target.ranges
    if ranged < total:
        yield Problem(
            f"{total - ranged} of {total} convolutions and matrix products have no range for int8: "
            "TensorRT runs them in fp16 or fp32",
            (),
        )


RULE = Rule(
    code="SG307",
    name="no-ranges",
    severity="warning",
    stage="target",
    title="Layers without ranges for TensorRT",
    why=(
        "TensorRT runs a layer in int8 only if the model has a range for its input and for its "
        "output. Paddle finds ranges in passes that need no GPU; `slimgate ranges` applies them "
        "and names the layers that have none, with the reason, before a GPU is spent. "
        "That TensorRT then runs such a layer in fp32 or fp16 is "
        "not verified on hardware (`trt-unranged`)."
    ),
    remedy="Add the op types to `quantize_op_types`, or remove their nodes from the skip list.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d]\n",
        good="QuantPost:\n  batch_nums: 10\n  quantize_op_types: [conv2d, depthwise_conv2d]\n",
        bad_facts={"target": {**HERE, "ranges": (31, 48)}},
        good_facts={"target": {**HERE, "ranges": (48, 48)}},
    ),
)
