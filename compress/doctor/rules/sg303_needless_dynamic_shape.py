"""Dynamic shape where preprocessing fixes the size."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

TENSORRT = {"name": "gpu-trt-int8", "dynamic_shape": True}


def check(subject: Subject) -> Iterator[Problem]:
    """A target with dynamic shape, and images that are all resized to one size."""
    assert subject.target is not None
    fixed = subject.data.fixed_size if subject.data else None
    if subject.target.dynamic_shape and fixed is not None:
        yield Problem(
            f"every image is resized to {fixed[0]}×{fixed[1]}: dynamic shape only costs time", ()
        )


RULE = Rule(
    code="SG303",
    name="needless-dynamic-shape",
    severity="warning",
    stage="target",
    title="Dynamic shape where preprocessing fixes the size",
    why=(
        "TensorRT builds one engine for the range of sizes, which is slower than one for a single "
        "size. RT-DETR and PP-YOLOE+ are published with a fixed 640×640 and dynamic shape off."
    ),
    remedy="Switch dynamic shape off.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"target": TENSORRT, "data": {"fixed_size": (640, 640)}},
        good_facts={"target": {**TENSORRT, "dynamic_shape": False}},
    ),
)
