"""Which ops of a quantised model TensorRT can run in int8: those that have ranges.

Paddle finds ranges in passes that need no GPU. They replace a program's quantisation ops by
attributes of the ops around them, each named after the slot whose range it holds. A tensor has one
range, whichever op names it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from compress.worker.requests import OpWithoutRanges, Ranges

PASSES = (
    "trt_delete_weight_dequant_linear_op_pass",
    "delete_quant_dequant_linear_op_pass",
    "identity_op_clean_pass",
    "add_support_int8_pass",
)
"""Those of Paddle's list for TensorRT that have to do with ranges, in its order."""
WEIGHTED = ("conv2d", "depthwise_conv2d", "conv2d_transpose", "mul", "matmul", "matmul_v2")
"""The op types that most of a network's time is spent in."""


def find_ranges(model: Path) -> Ranges:
    """Applies the passes to the program in ``model``, and counts the weighted ops with ranges."""
    import paddle
    from paddle.base import core

    scope = paddle.static.Scope()
    with paddle.static.scope_guard(scope):
        executor = paddle.static.Executor(paddle.CPUPlace())
        program, _, _ = paddle.static.load_inference_model(str(model / "model"), executor)
        graph = core.Graph(program.desc)
        graph.set_not_owned("__param_scope__", scope)
        for name in PASSES:
            core.get_pass(name).apply(graph)
        return _count([node.op() for node in graph.nodes() if node.is_op() and node.op()])


def _count(ops: list[Any]) -> Ranges:
    ranged = ranged_tensors(ops)
    readers = defaultdict(set)
    for op in ops:
        for tensor in op.input_arg_names():
            readers[tensor].add(op.type())
    low: Counter[str] = Counter()
    total: Counter[str] = Counter()
    without = []
    for op in ops:
        if op.type() in WEIGHTED:
            total[op.type()] += 1
            reason = _reason(op, ranged, readers)
            if reason is None:
                low[op.type()] += 1
            else:
                name = op.output_arg_names()[0]
                without.append(OpWithoutRanges(op_type=op.type(), output=name, reason=reason))
    counts = {op_type: (low[op_type], total[op_type]) for op_type in sorted(total)}
    return Ranges(ops=counts, without=tuple(sorted(without, key=lambda op: op.output)))


def ranged_tensors(ops: Iterable[Any]) -> set[str]:
    """The tensors for which any of the ops names a range."""
    named: set[str] = set()
    for op in ops:
        named.update(*(op.input(slot) for slot in op.input_names() if op.has_attr(slot)))
        named.update(*(op.output(slot) for slot in op.output_names() if op.has_attr(slot)))
    return named


def _reason(op: Any, ranged: set[str], readers: dict[str, set[str]]) -> str | None:
    """Why TensorRT cannot run the op in int8; None if it can."""
    taken = next(op.input(slot) for slot in ("Input", "X") if slot in op.input_names())
    if not ranged.intersection(taken):
        return "its input has no range"
    written = op.output_arg_names()
    if ranged.intersection(written):
        return None
    by = ", ".join(sorted({reader for tensor in written for reader in readers[tensor]}))
    return f"its output has no range: {by or 'nothing'} reads it unquantised"
