"""Skip patterns: which layers stay unquantised.

PaddleSlim looks for ``not_quant_pattern`` in the attribute ``op_namescope``, which is "/" for every
op of a model that was exported from dygraph: patterns match nothing there. Here they match the
suite's own name of the layer (``decoder.last_conv``) or the parameter's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compress.graph.program import WEIGHTED_OPS, Program, load_program, save_program
from compress.methods.base import CompressionJob

SKIPPED = "skip_quant"
"""What PaddleSlim skips by default."""


def mark_skipped(job: CompressionJob, section: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Marks in ``job.model`` what the section's patterns name; returns the section that goes with
    it, and remarks.
    """
    given = section.get("not_quant_pattern", [SKIPPED])
    patterns = [given] if isinstance(given, str) else list(given)
    wanted = [pattern for pattern in patterns if pattern != SKIPPED]
    if not wanted:
        return section, []
    loaded = load_program(job.model)
    marked = {pattern: _mark(loaded, pattern, job.layers) for pattern in wanted}
    save_program(loaded, job.model)
    remarks = [
        f"{len(layers)} layers left in fp32 by {pattern!r}: {', '.join(layers[:3])}"
        if layers
        else f"the skip pattern {pattern!r} matches no layer"
        for pattern, layers in marked.items()
    ]
    return {**section, "not_quant_pattern": [SKIPPED]}, remarks


def leave_branches(loaded: Program) -> int:
    """Marks the ops of branches and loops; returns how many hold weights.

    Engines quantise the main block alone: what is quantised in a branch either cannot be loaded
    ("Not allowed to load partial data via load_combine_op") or computes nonsense.
    """
    _, *branches = loaded.program.blocks
    marked = 0
    for op in (op for block in branches for op in block.ops):
        op._set_attr("op_namescope", f"/{SKIPPED}/")
        marked += op.type in WEIGHTED_OPS
    return marked


def _mark(loaded: Program, pattern: str, layers: Mapping[str, str]) -> list[str]:
    """Marks the ops whose weights the pattern names; returns those weights' layers."""
    block = loaded.program.global_block()
    found = []
    for op in block.ops:
        for name in op.input_arg_names:
            layer = layers.get(name, name)
            if block.has_var(name) and block.var(name).persistable and pattern in layer:
                op._set_attr("op_namescope", f"/{SKIPPED}/")
                found.append(layer)
    return found
