"""Counts in a program what compression is to change: work, parameters, zeros. Workers only."""

from __future__ import annotations

import numpy as np

from compress.graph import Program, parameters

WEIGHT_RANK = 2
"""Weights of convolutions and products; scales, biases and statistics have fewer axes."""


def count_effects(loaded: Program) -> dict[str, float]:
    """``flops``: multiplications for one image (``paddleslim.analysis.flops``: convolutions and
    products). ``weights``: their number. ``zeros``: the share of weights that are zero.
    ``zeros_2_4``: the share of groups of four weights along an input axis that hold two zeros.
    """
    total = zeros = groups = sparse_groups = 0
    for _, values in parameters(loaded):
        if values.ndim < WEIGHT_RANK:
            continue
        total += values.size
        zeros += values.size - int(np.count_nonzero(values))
        matrix = np.moveaxis(values, 1, -1) if values.ndim == 4 else values.T
        if matrix.shape[-1] % 4 == 0:
            counts = np.count_nonzero(matrix.reshape(-1, 4), axis=1)
            groups += counts.size
            sparse_groups += int((counts <= 2).sum())
    return {
        "flops": float(_flops(loaded)),
        "weights": float(total),
        "zeros": round(zeros / max(total, 1), 6),
        "zeros_2_4": round(sparse_groups / max(groups, 1), 6),
    }


def _flops(loaded: Program) -> int:
    from paddleslim.analysis import flops

    count: int = flops(loaded.program)
    return abs(count)
