"""Default distillation nodes: outputs of the last ops with weights. Workers only."""

from __future__ import annotations

from typing import Any

FINAL_OPS = {
    **dict.fromkeys(("conv2d", "depthwise_conv2d", "conv2d_transpose"), "Output"),
    **dict.fromkeys(("mul", "matmul", "matmul_v2"), "Out"),
    **dict.fromkeys(("batch_norm", "sync_batch_norm", "layer_norm", "instance_norm"), "Y"),
}
"""Ops with weights whose output may be a final node, with the slot of the output."""


def final_nodes(block: Any) -> list[str]:
    """Outputs of the ops with weights in the main block that lead to no further such op; those of
    products after their bias, if there is one.

    The same nodes as those of PaddleSlim's ``find_final_nodes``, which takes minutes on large
    models and never ends on loops.
    """
    leading: set[str] = set()
    biased: dict[str, str] = {}
    outputs = []
    for op in reversed(block.ops):
        persistable = [n for n in op.input_arg_names if block.has_var(n) and _holds(block, n)]
        if op.type == "elementwise_add" and persistable:
            biased.update(dict.fromkeys(op.input_arg_names, op.output("Out")[0]))
        weighted = op.type in FINAL_OPS and bool(persistable)
        leads = bool(leading.intersection(op.output_arg_names))
        if weighted and not leads:
            output = op.output(FINAL_OPS[op.type])[0]
            outputs.append(biased.get(output, output))
        if weighted or leads:
            leading.update(op.input_arg_names)
    return sorted(outputs)


def _holds(block: Any, name: str) -> bool:
    return bool(block.var(name).persistable)
