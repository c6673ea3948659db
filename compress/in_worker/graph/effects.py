"""Counts what compression changes in a program: work, parameters, zeros. Workers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from compress.in_worker.graph.program import WEIGHTED_OPS, Program, parameters

WEIGHT_RANK = 2
"""Least number of axes of a weight of a convolution or product; scales, biases and statistics have
fewer."""


def count_effects(loaded: Program) -> dict[str, float]:
    """``flops``: multiplications of convolutions and products for one image; axes of unknown size
    count as one. ``weights``: number of weights. ``zeros``: share of weights that are zero.
    ``zeros_2_4``: share of groups of four weights along an input axis with two zeros or more.
    """
    total = zeros = groups = sparse_groups = 0
    for name, values in parameters(loaded):
        if values.ndim < WEIGHT_RANK or "@" in name:  # "@scale": of quantisation
            continue
        total += values.size
        zeros += values.size - int(np.count_nonzero(values))
        matrix = np.moveaxis(values, 1, -1) if values.ndim == 4 else values.T
        if matrix.shape[-1] % 4 == 0:
            counts = np.count_nonzero(matrix.reshape(-1, 4), axis=1)
            groups += counts.size
            sparse_groups += int((counts <= 2).sum())
    return {
        "flops": float(multiplications(loaded.program)),
        "weights": float(total),
        "zeros": round(zeros / max(total, 1), 6),
        "zeros_2_4": round(sparse_groups / max(groups, 1), 6),
    }


def multiplications(program: Any) -> int:
    """Multiplications in convolutions and products, from their shapes, for a batch of one image.

    ``paddleslim.analysis.flops`` fails on products with a vector, as in PicoDet's head.
    """
    block = program.global_block()
    return sum(_of_op(op, block) for op in block.ops)


def _of_op(op: Any, block: Any) -> int:
    if op.type in ("conv2d", "depthwise_conv2d", "conv2d_transpose"):
        kernel = block.var(op.input("Filter")[0]).shape
        carrier = op.input("Input") if op.type == "conv2d_transpose" else op.output("Output")
        return _volume(block.var(carrier[0]).shape, slice(2, None)) * _volume(kernel, slice(None))
    if op.type in ("mul", "matmul", "matmul_v2"):
        inner = _volume(block.var(op.input("X")[0]).shape, slice(-1, None))
        if op.has_attr("trans_x") and op.attr("trans_x"):
            inner = _volume(block.var(op.input("X")[0]).shape, slice(-2, -1))
        return _volume(block.var(op.output("Out")[0]).shape, slice(None)) * inner
    return 0


def _volume(shape: Sequence[int], axes: slice) -> int:
    return int(math.prod(abs(size) for size in shape[axes]))


def quantised_op_types(loaded: Program) -> list[str]:
    """Op types with weights that read an output of a (fake) quantisation op."""
    ops = loaded.program.global_block().ops
    outputs = {name for op in ops if "quantize" in op.type for name in op.output_arg_names}
    return sorted(
        {
            op.type
            for op in ops
            if "quantize" not in op.type
            and op.type in WEIGHTED_OPS
            and outputs.intersection(op.input_arg_names)
        }
    )
