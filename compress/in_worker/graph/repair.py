"""Finds and repairs parts of programs that would go wrong unnoticed. Workers only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from compress.in_worker.graph.program import CONVOLUTIONS, WEIGHTED_OPS, Program, parameters

OUTPUT_SCALE = "save_infer_model/"
FREED_SLOTS = dict.fromkeys(CONVOLUTIONS, ("Input", "Filter"))
"""Ops that oneDNN runs in int8 because of their scales alone: slots of input and weight."""
DROPOUT_ATTRIBUTES = ("dropout_implementation", "dropout_prob", "fix_seed", "is_test", "seed")


def integer_weights(loaded: Program) -> list[str]:
    """Names of fp32 weights of convolutions and products that hold whole numbers only.

    Paddle 2.6's ``quant_dequant_mkldnn_pass`` takes such weights for int8 weights and then fails
    with "Could not find threshold information" (docs/int8.md).
    """
    import paddle

    scope = paddle.static.global_scope()
    names = []
    for op in loaded.program.global_block().ops:
        if op.type in WEIGHTED_OPS:
            for name in op.input_arg_names:
                var = loaded.program.global_block().var(name)
                if var.persistable and var.dtype == paddle.float32:
                    values = np.asarray(scope.find_var(name).get_tensor())
                    if values.size and np.all(values == np.round(values)):
                        names.append(name)
    return sorted(set(names))


def diverged_weights(loaded: Program) -> list[str]:
    """Names of parameters that hold NaN or infinity."""
    return sorted(
        name
        for name, values in parameters(loaded)
        if values.dtype.kind == "f" and not np.all(np.isfinite(values))
    )


def vector_products(loaded: Program) -> list[str]:
    """Names of one-dimensional weights of matrix products, on which channel-wise PTQ fails."""
    block = loaded.program.global_block()
    inputs = (
        name
        for op in block.ops
        if op.type in ("matmul", "matmul_v2")
        for name in op.input_arg_names
    )
    return sorted({n for n in inputs if block.var(n).persistable and len(block.var(n).shape) < 2})


def nudge_weights(names: list[str]) -> None:
    """Shifts whole-numbered weights by a relative 1e-6 (zeros by 1e-6), so that they count as fp32.

    The shift is far below fp32's own rounding of the results it leads to.
    """
    import paddle

    scope = paddle.static.global_scope()
    for name in names:
        tensor = scope.find_var(name).get_tensor()
        values = np.asarray(tensor)
        tensor.set(
            (values * (1 + 1e-6) + (values == 0) * 1e-6).astype(np.float32), paddle.CPUPlace()
        )


def drop_output_scales(loaded: Program) -> None:
    """Removes the ``scale`` ops with factor one that Paddle appends to outputs whenever it saves.

    A model that was saved twice has two of them under the same name, and quantising such a model
    sometimes ends in "Generated graph shouldn't contain cycle". ``loaded.fetches`` are stale
    afterwards: save and load again.
    """
    block = loaded.program.global_block()
    for fetch in [op for op in block.ops if op.type == "fetch"]:
        while (index := _identity_before(block, fetch)) is not None:
            fetch.desc.set_input("X", block.ops[index].input("X"))
            block._remove_op(index)


def _identity_before(block: Any, fetch: Any) -> int | None:
    """Index of the last op that makes the fetched variable, if it changes nothing; or None."""
    name = fetch.desc.input("X")[0]
    makers = [index for index, op in enumerate(block.ops) if name in op.output_arg_names]
    if not makers or not name.startswith(OUTPUT_SCALE):
        return None
    op = block.ops[makers[-1]]
    idle = op.type == "scale" and op.attr("scale") == 1.0 and op.attr("bias") == 0.0
    return makers[-1] if idle else None


def free_inputs(loaded: Program) -> int:
    """Removes quantisation from the inputs of ops whose weights are not quantised; returns the
    number of such ops. ``loaded.fetches`` stay valid.

    Paddle stores the range of every op's output as a pair of quantising ops. On oneDNN, scales at
    its input and output suffice to run a convolution in int8, even if the recipe leaves it in fp32.
    """
    block = loaded.program.global_block()
    makers = {name: op for op in block.ops for name in op.output_arg_names}
    freed = 0
    for op in block.ops:
        slots = FREED_SLOTS.get(op.type)
        if slots is None or op.input(slots[1])[0] in makers:  # a quantised weight is computed
            continue
        pair = makers.get(op.input(slots[0])[0])
        if pair is None or pair.type != "dequantize_linear":
            continue
        source = makers[pair.input("X")[0]].input("X")
        op.desc.set_input(slots[0], source)
        freed += 1
    _drop_unread(block, ("dequantize_linear", "quantize_linear"))
    return freed


def free_branches(loaded: Program) -> bool:
    """Removes the scales of outputs in branches and loops, with their parameters; returns whether
    there were any. Paddle Inference loads the parameters of the main block only, and fails if the
    file holds others ("Not allowed to load partial data via load_combine_op").
    """
    _, *branches = loaded.program.blocks
    changed = False
    for block in branches:
        makers = {name: op for op in block.ops for name in op.output_arg_names}
        for op in [op for op in block.ops if op.type == "dequantize_linear"]:
            pair = makers.get(op.input("X")[0])
            if pair is not None and pair.type == "quantize_linear":
                for reader in block.ops:
                    reader.desc._rename_input(op.output("Y")[0], pair.input("X")[0])
                changed = True
        _drop_unread(block, ("dequantize_linear", "quantize_linear"))
        read = {name for op in block.ops for name in op.input_arg_names}
        for var in [v for v in block.vars.values() if v.persistable and v.name not in read]:
            block._remove_var(var.name)
    return changed


def _drop_unread(block: Any, types: tuple[str, ...]) -> None:
    """Removes ops of these types whose output nothing reads, type by type in the given order."""
    for kind in types:
        read = {name for op in block.ops for name in op.input_arg_names}
        idle = [
            index
            for index, op in enumerate(block.ops)
            if op.type == kind and not read.intersection(op.output("Y"))
        ]
        for index in reversed(idle):
            block._remove_op(index)


def replace_dropouts(file: Path) -> None:
    """Replaces the ``dropout`` ops of a ``.pdmodel`` file with ``scale`` ops that do the same at
    inference: exports lack the masks of dropout, without which a teacher cannot be built.
    """
    from paddle.base import core

    description = core.ProgramDesc(file.read_bytes())
    block = description.block(0)
    dropouts = [
        op for op in (block.op(i) for i in range(block.op_size())) if op.type() == "dropout"
    ]
    for op in dropouts:
        upscaled = op.attr("dropout_implementation") == "upscale_in_train"
        scale = 1.0 if upscaled else 1.0 - op.attr("dropout_prob")
        for name in DROPOUT_ATTRIBUTES:
            op.remove_attr(name)
        op.remove_output("Mask")
        op.remove_input("Seed")
        op.set_type("scale")
        op._set_float32_attr("scale", scale)
        op._set_float32_attr("bias", 0.0)
        op._set_bool_attr("bias_after_scale", True)
    if dropouts:
        file.write_bytes(description.serialize_to_string())
