"""Op types that another key overrides."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.op_types import TENSORRT_OP_TYPES


def check(subject: Subject) -> Iterator[Problem]:
    """``quantize_op_types`` beside ``for_tensorrt`` or ``is_full_quantize``."""
    for name in ("QuantAware", "QuantPost"):
        section = subject.section(name) or {}
        op_types = section.get("quantize_op_types")
        for key, meaning in (
            ("for_tensorrt", ", ".join(TENSORRT_OP_TYPES)),
            ("is_full_quantize", "every op type that can be quantised"),
        ):
            if op_types and section.get(key) is True:
                yield Problem(
                    f"{key} replaces quantize_op_types with {meaning}", (name, "quantize_op_types")
                )


RULE = Rule(
    code="SG113",
    name="op-types-overridden",
    severity="warning",
    stage="text",
    title="Op types that another key overrides",
    why=(
        "With `for_tensorrt: true` PaddleSlim quantises `pool2d` and `elementwise_add` whatever "
        "the recipe lists. On PP-LiteSeg, quantising `pool2d` as well cost 2.9 points of mIoU on "
        "CPU (76.58 to 73.72, published) and was slower."
    ),
    remedy="Delete the key that you do not mean.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  for_tensorrt: true\n  quantize_op_types: [conv2d]\n"
            "Distillation:\n  loss: l2\n"
        ),
        good="QuantAware:\n  quantize_op_types: [conv2d]\nDistillation:\n  loss: l2\n",
    ),
)
