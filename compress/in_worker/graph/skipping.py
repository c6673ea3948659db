"""Marks layers that stay in fp32, by pattern or because int8 would fail or be slow.

PaddleSlim searches for ``not_quant_pattern`` in the attribute ``op_namescope``, which is "/" for
every op of a model that was exported from dygraph: patterns match nothing there. Here they match
the suite's name of the layer (``decoder.last_conv``) or that of the parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compress.in_worker.graph.program import (
    CONVOLUTIONS,
    WEIGHTED_OPS,
    Program,
    load_program,
    save_program,
)
from compress.in_worker.method import CompressionJob

SKIPPED = "skip_quant"
"""The mark of ops that PaddleSlim skips by default."""


def mark_skipped(job: CompressionJob, section: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Marks the layers in ``job.model`` that match the section's patterns; returns the section that
    skips the marked layers, and remarks.
    """
    value = section.get("not_quant_pattern", [SKIPPED])
    patterns = [value] if isinstance(value, str) else list(value)
    layer_patterns = [pattern for pattern in patterns if pattern != SKIPPED]
    section = {**section, "not_quant_pattern": [SKIPPED]}  # also what was marked before
    if not layer_patterns:
        return section, []
    loaded = load_program(job.model)
    marked = {pattern: _mark(loaded, pattern, job.layers) for pattern in layer_patterns}
    save_program(loaded, job.model)
    remarks = [
        f"{len(layers)} layers left in fp32 by {pattern!r}: {', '.join(layers[:3])}"
        if layers
        else f"the skip pattern {pattern!r} matches no layer"
        for pattern, layers in marked.items()
    ]
    return section, remarks


def leave_branches(loaded: Program) -> list[str]:
    """Marks the ops of branches and loops; returns the remark on those that hold weights.

    Engines quantise the main block only: a quantised branch either cannot be loaded ("Not allowed
    to load partial data via load_combine_op") or gives wrong results.
    """
    _, *branches = loaded.program.blocks
    ops = [op for block in branches for op in block.ops]
    for op in ops:
        _skip(op)
    marked = sum(op.type in WEIGHTED_OPS for op in ops)
    reason = "since engines cannot quantise them there"
    return [f"ops in branches left in fp32: {marked}, {reason}"] if marked else []


def leave_computed_filters(loaded: Program) -> list[str]:
    """Marks convolutions whose filters the model computes (SOLOv2's masks); returns the remark.

    Paddle takes them for one-dimensional convolutions, whose filters go through ``assign`` and
    ``unsqueeze2``, and fails: "negative dimensions are not allowed".
    """
    block = loaded.program.global_block()
    makers = {name: op for op in block.ops for name in op.output_arg_names}
    marked = 0
    for op in (op for op in block.ops if op.type in CONVOLUTIONS):
        source = op.input("Filter")[0]
        while source in makers and makers[source].type in ("assign", "unsqueeze2"):
            source = makers[source].input("X")[0]
        if not block.var(source).persistable:
            _skip(op)
            marked += 1
    return [f"convolutions with computed filters left in fp32: {marked}"] if marked else []


def leave_multipliers(loaded: Program) -> list[str]:
    """Marks depthwise convolutions with several outputs for each channel; returns the remark.

    In int8 oneDNN has only a reference kernel for them: eight of BiSeNetV2's 56 convolutions took
    more than half of its time (docs/int8.md).
    """
    block = loaded.program.global_block()
    marked = 0
    for op in (op for op in block.ops if op.type in ("conv2d", "depthwise_conv2d")):
        outputs, inputs, *_ = block.var(op.input("Filter")[0]).shape
        if inputs == 1 and outputs > op.attr("groups") > 1:
            _skip(op)
            marked += 1
    reason = "since oneDNN has no fast int8 kernel for them"
    remark = (
        f"depthwise convolutions with several outputs per channel left in fp32: {marked}, {reason}"
    )
    return [remark] if marked else []


def _skip(op: Any) -> None:
    op._set_attr("op_namescope", f"/{SKIPPED}/")


def _mark(loaded: Program, pattern: str, layers: Mapping[str, str]) -> list[str]:
    """Marks the ops with a weight that matches the pattern; returns the layers of these weights."""
    block = loaded.program.global_block()
    names = []
    for op in block.ops:
        for name in op.input_arg_names:
            layer = layers.get(name, name)
            if block.has_var(name) and block.var(name).persistable and pattern in layer:
                _skip(op)
                names.append(layer)
    return names
