"""Op types quantised at inference that were not trained quantised."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.inference_ops import inference_op_types
from compress.recipes.op_types import PTQ_OP_TYPES, QAT_OP_TYPES

INT8 = {"name": "cpu-onednn-int8", "op_types": ("conv2d", "fused_conv2d", "pool2d")}


def check(subject: Subject) -> Iterator[Problem]:
    """Op types that the target quantises and the recipe does not; fused names do not count."""
    target = subject.target
    assert target is not None
    if target.op_types is None or not target.name.endswith("int8"):
        return
    for name, default in (("QuantAware", QAT_OP_TYPES), ("QuantPost", PTQ_OP_TYPES)):
        section = subject.section(name)
        if section is None:
            continue
        trained = tuple(section.get("quantize_op_types") or default)
        extra = sorted(set(target.op_types) - set(inference_op_types(trained)))
        if extra or not target.op_types:
            extras = ", ".join(extra) if extra else "every op type"
            yield Problem(
                f"{target.name} also quantises {extras}, which the recipe leaves in fp32",
                (name,),
            )


RULE = Rule(
    code="SG301",
    name="op-types-differ",
    severity="error",
    stage="target",
    title="Op types quantised at inference that were not trained quantised",
    why=(
        "On PP-LiteSeg, quantising `pool2d` as well at inference cost 2.9 points of mIoU (76.58 "
        "to 73.72 on CPU, published) and was slower."
    ),
    remedy=(
        "Quantise at inference what was trained quantised. slimgate does so itself, and adds the "
        "names that fusion gives these ops."
    ),
    check=check,
    example=Example(
        bad="QuantAware:\n  quantize_op_types: [conv2d]\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  quantize_op_types: [conv2d, pool2d]\nDistillation:\n  loss: l2\n",
        bad_facts={"target": INT8},
    ),
)
