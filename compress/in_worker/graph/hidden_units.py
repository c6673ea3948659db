"""Removes hidden units from the feed-forward blocks of an exported program. Workers only.

A block is a product that widens, ops that keep channels separate, and a product that narrows::

    matmul C → H, bias, (transpose, reshape, depthwise convolution), activation, matmul H → C

A hidden unit is a column of the first weight, an entry of every parameter in between, and a row of
the second weight. Removing it changes no shape behind the block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from compress.in_worker.graph.program import Program

MULTIPLE = 8
"""The number of remaining units is a multiple of it, for vector instructions and tensor cores."""
PRODUCTS = ("mul", "matmul", "matmul_v2")
UNARY = {
    *("dropout", "gelu", "hard_sigmoid", "hard_swish", "leaky_relu", "relu", "relu6", "scale"),
    *("sigmoid", "silu", "swish", "tanh"),
}
WITH_VECTOR = ("elementwise_add", "elementwise_mul", "elementwise_sub")
SIZES = ("Shape", "ShapeTensor")
NORMS = ("Scale", "Bias", "Mean", "Variance")


@dataclass
class Block:
    """``first`` and ``second``: names of the weights; ``units``: number of hidden units;
    ``parameters``: axis of the units by parameter, including both weights; ``variables``: the same
    for computed variables; ``reshapes``: ops with the number of units in ``shape``, and its axis;
    ``constants``: ops that produce the number; ``groups``: depthwise convolutions.
    """

    first: str
    units: int
    second: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    variables: dict[str, int] = field(default_factory=dict)
    reshapes: list[tuple[Any, int]] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)


def prune_hidden_units(loaded: Program, ratio: float) -> dict[str, tuple[int, int]]:
    """Removes the least important share ``ratio`` of hidden units; returns the numbers of units
    before and after by each block's first weight. Changes ``loaded.program`` and its scope.

    The importance of a unit is the product of the norms of its column and its row: an estimate of
    its contribution to the block's output that ignores biases and the ops in between.
    """
    import paddle

    scope = paddle.static.global_scope()

    def values(name: str) -> npt.NDArray[Any]:
        return np.asarray(scope.find_var(name).get_tensor())

    counts = {}
    block = loaded.program.global_block()
    for ffn in list(find_blocks(loaded.program)):
        importance = np.linalg.norm(values(ffn.first), axis=0)
        importance = importance * np.linalg.norm(values(ffn.second), axis=1)
        survivors = most_important(importance, kept_units(ffn.units, ratio))
        for name, axis in ffn.parameters.items():
            scope.find_var(name).get_tensor().set(
                np.ascontiguousarray(np.take(values(name), survivors, axis)), paddle.CPUPlace()
            )
        _resize(block, ffn, len(survivors))
        counts[ffn.first] = (ffn.units, len(survivors))
    return counts


def kept_units(units: int, ratio: float) -> int:
    """The number of units that stay: a multiple of eight, at least eight, at most all."""
    return min(units, max(MULTIPLE, round(units * (1 - ratio) / MULTIPLE) * MULTIPLE))


def most_important(importance: npt.NDArray[Any], count: int) -> npt.NDArray[np.intp]:
    """Indices of the ``count`` highest values, in ascending order."""
    return np.sort(np.argsort(-importance, kind="stable")[:count])


def find_blocks(program: Any) -> Iterator[Block]:
    """The feed-forward blocks of the main block of ops."""
    graph = _Graph(program)
    for op in graph.block.ops:
        if op.type in PRODUCTS:
            match = _follow(graph, op)
            if match is not None:
                yield match


class _Graph:
    """The readers of each variable in all blocks, and the makers in the main block."""

    def __init__(self, program: Any) -> None:
        self.block = program.global_block()
        self.readers: dict[str, list[Any]] = {}
        self.makers: dict[str, Any] = {}
        for block in program.blocks:
            for op in block.ops:
                for name in set(op.input_arg_names):
                    self.readers.setdefault(name, []).append(op)
        for op in self.block.ops:
            self.makers.update(dict.fromkeys(op.output_arg_names, op))

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.block.var(name).shape)

    def weight_of(self, op: Any) -> str | None:
        """The weight of a product, [inputs, outputs]; None if computed, transposed or shared."""
        name = op.input("Y")[0]
        turned = ("trans_x", "trans_y", "transpose_X", "transpose_Y")
        plain = not any(op.has_attr(name) and op.attr(name) for name in turned)
        return name if plain and self.own_parameter(name) and len(self.shape(name)) == 2 else None

    def own_parameter(self, name: str) -> bool:
        return self.block.var(name).persistable and len(self.readers[name]) == 1

    def only_reader(self, name: str) -> Any | None:
        """The only op that reads a variable's values, not just its shape; None if several do."""
        readers = [op for op in self.readers.get(name, []) if op.type != "shape"]
        return readers[0] if len(readers) == 1 else None


def _follow(graph: _Graph, op: Any) -> Block | None:
    """The block that begins with the product ``op``; None if none does."""
    weight = graph.weight_of(op)
    if weight is None:
        return None
    width, units = graph.shape(weight)
    if units <= width or units % MULTIPLE:
        return None
    ffn = Block(weight, units, parameters={weight: 1})
    name = op.output("Out")[0]
    axis = len(graph.shape(name)) - 1
    while True:
        ffn.variables[name] = axis
        reader = graph.only_reader(name)
        if reader is None:
            return None
        if reader.type in PRODUCTS:
            return _end(graph, ffn, reader, name, axis)
        step = _pass(graph, ffn, reader, name, axis)
        if step is None:
            return None
        name, axis = step


def _end(graph: _Graph, ffn: Block, op: Any, name: str, axis: int) -> Block | None:
    """The block completed by its second product; None if ``op`` does not narrow."""
    weight = graph.weight_of(op)
    last = axis == len(graph.shape(name)) - 1
    if weight is None or not last or op.input("X")[0] != name:
        return None
    rows, width = graph.shape(weight)
    if rows != ffn.units or width >= rows:
        return None
    ffn.second = weight
    ffn.parameters[weight] = 0
    return ffn


def _pass(graph: _Graph, ffn: Block, op: Any, name: str, axis: int) -> tuple[str, int] | None:
    """The output of ``op`` and the axis of the units in it; None if ``op`` mixes units."""
    if op.type in UNARY:
        return op.output("Out")[0], axis
    if op.type == "transpose2":
        return op.output("Out")[0], list(op.attr("axis")).index(axis)
    if op.type in ("reshape2", "flatten_contiguous_range"):
        return _reshaped(graph, ffn, op, name, axis)
    if op.type in WITH_VECTOR:
        return _with_vector(graph, ffn, op, name, axis)
    if op.type == "batch_norm" and axis == 1:
        return _own(graph, ffn, op, [op.input(key)[0] for key in NORMS], "Y", axis)
    if op.type == "depthwise_conv2d" and axis == 1 and op.attr("groups") == ffn.units:
        ffn.groups.append(op)
        return _own(graph, ffn, op, op.input("Filter"), "Output", axis)
    return None


def _own(
    graph: _Graph, ffn: Block, op: Any, names: Sequence[str], output: str, axis: int
) -> tuple[str, int] | None:
    if not all(graph.own_parameter(name) for name in names):
        return None
    ffn.parameters.update(dict.fromkeys(names, 0))
    return op.output(output)[0], axis


def _with_vector(
    graph: _Graph, ffn: Block, op: Any, name: str, axis: int
) -> tuple[str, int] | None:
    """Follows an op with one value for each unit, possibly reshaped to [1, H, 1, 1]."""
    vector = op.input("Y")[0]
    maker = graph.makers.get(vector)
    if op.input("X")[0] != name or vector == name:
        return None
    result = op.output("Out")[0]
    if graph.block.var(vector).persistable:
        at = op.attr("axis") if op.attr("axis") >= 0 else len(graph.shape(name)) - 1
        fits = graph.shape(vector) == (ffn.units,) and at == axis and graph.own_parameter(vector)
        if fits:
            ffn.parameters[vector] = 0
        return (result, axis) if fits else None
    if maker is None or maker.type != "reshape2" or len(graph.readers[vector]) != 1:
        return None
    source, shape = maker.input("X")[0], graph.shape(vector)
    fits = (
        not any(maker.input(key) for key in SIZES if key in maker.input_names)
        and len(shape) == len(graph.shape(name))
        and graph.shape(source) == (ffn.units,)
        and shape[axis] == ffn.units
        and graph.own_parameter(source)
    )
    if not fits:
        return None
    ffn.parameters[source] = 0
    ffn.variables[vector] = axis
    ffn.reshapes.append((maker, axis))
    return result, axis


def _reshaped(graph: _Graph, ffn: Block, op: Any, name: str, axis: int) -> tuple[str, int] | None:
    """The axis of the units after a reshape: all axes before it, or all axes after it, must be
    unchanged. Only the batch may be of unknown size, and must be kept.
    """
    result = op.output("Out")[0]
    before, after = graph.shape(name), graph.shape(result)
    behind = len(after) - (len(before) - axis)
    for place, same in (
        (axis, before[:axis] == after[:axis]),
        (behind, before[axis + 1 :] == after[behind + 1 :]),
    ):
        fits = same and 0 <= place < len(after) and after[place] == ffn.units
        fits = fits and _keeps_batch(before, after)
        if fits and (op.type != "reshape2" or _resizable(graph, ffn, op, place)):
            return result, place
    return None


def _keeps_batch(*shapes: tuple[int, ...]) -> bool:
    """Whether at most one size is unknown in each shape, and the others have equal products."""
    unknown = {sum(size < 0 for size in shape) for shape in shapes}
    volumes = {math.prod(size for size in shape if size >= 0) for shape in shapes}
    return max(unknown) <= 1 and len(unknown) == len(volumes) == 1


def _resizable(graph: _Graph, ffn: Block, op: Any, axis: int) -> bool:
    """Records what holds the size of a reshape's axis; False unless it is a constant of its own."""
    sizes = op.input("ShapeTensor") if "ShapeTensor" in op.input_names else []
    if sizes:
        maker = graph.makers.get(sizes[axis])
        if maker is None or maker.type != "fill_constant" or len(graph.readers[sizes[axis]]) != 1:
            return False
        ffn.constants.append(maker)
    ffn.reshapes.append((op, axis))
    return True


def _resize(block: Any, ffn: Block, count: int) -> None:
    """Writes the new number of units wherever the program holds it."""
    for name, axis in (ffn.parameters | ffn.variables).items():
        description = block.var(name).desc
        shape = list(description.shape())
        shape[axis] = count
        description.set_shape(shape)
    for op, axis in ffn.reshapes:
        shape = list(op.attr("shape"))
        if shape[axis] == ffn.units:
            shape[axis] = count
            op._set_attr("shape", shape)
    for op in ffn.constants:
        op._set_attr("value", float(count))
        op._set_attr("str_value", str(count))
    for op in ffn.groups:
        op._set_attr("groups", count)
