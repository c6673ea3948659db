"""Moves biases into the batch norms behind them. Workers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from compress.in_worker.graph.program import CONVOLUTIONS, Program


@dataclass(frozen=True)
class Biased:
    """A convolution's bias before a batch norm: the op that adds it, the norm, and the names of the
    bias and of the norm's mean.
    """

    add: Any
    norm: Any
    bias: str
    mean: str


def absorb_biases(loaded: Program, exempt: Collection[str] = ()) -> int:
    """Subtracts each bias between a convolution and a batch norm from the norm's mean, and removes
    the op that adds it; the result is the same except for rounding. Returns their number.

    Paddle Inference folds a batch norm into the convolution before it in fp32 and int8, but with a
    bias between them, as in PaddleSeg's ``ConvBNReLU``, in fp32 only (docs/int8.md). Variables in
    ``exempt`` stay.
    """
    import paddle

    block, scope = loaded.program.global_block(), paddle.static.global_scope()
    biased = list(_biased(loaded, exempt))
    for item in biased:
        mean = scope.find_var(item.mean).get_tensor()
        bias = np.asarray(scope.find_var(item.bias).get_tensor()).ravel()
        mean.set((np.asarray(mean) - bias).astype(np.float32), paddle.CPUPlace())
        item.norm.desc.set_input("X", item.add.input("X"))
    adds = {id(item.add) for item in biased}
    _remove(block, [index for index, op in enumerate(block.ops) if id(op) in adds])
    read = _readers(loaded)
    idle = [
        index
        for index, op in enumerate(block.ops)
        if op.type == "reshape2" and not any(read[name] for name in op.output_arg_names)
    ]
    _remove(block, idle)
    read = _readers(loaded)
    for name in {item.bias for item in biased if not read[item.bias]}:
        block._remove_var(name)
    return len(biased)


def _biased(loaded: Program, exempt: Collection[str]) -> Iterator[Biased]:
    """Every bias whose sum only its batch norm reads, where nothing else reads the norm's mean."""
    block = loaded.program.global_block()
    makers = {name: op for op in block.ops for name in op.output_arg_names}
    readers = _readers(loaded)
    for norm in block.ops:
        if norm.type != "batch_norm" or norm.attr("data_layout") != "NCHW":
            continue
        added, mean = norm.input("X")[0], norm.input("Mean")[0]
        add = makers.get(added)
        if add is None or add.type != "elementwise_add" or added in exempt:
            continue
        convolved = add.input("X")[0]
        convolution, bias = makers.get(convolved), _bias(block, makers, add)
        if convolution is None or convolution.type not in CONVOLUTIONS or bias is None:
            continue
        alone = all(readers[name] == 1 for name in (added, convolved, mean))
        if alone and np.prod(block.var(bias).shape) == np.prod(block.var(mean).shape):
            yield Biased(add, norm, bias, mean)


def _bias(block: Any, makers: dict[str, Any], add: Any) -> str | None:
    """The parameter that the op adds, if it has one value for each channel; otherwise None."""
    name = add.input("Y")[0]
    maker = makers.get(name)
    if maker is None:
        by_channel = add.attr("axis") == 1 and len(block.var(name).shape) == 1
    else:
        by_channel = maker.type == "reshape2" and _is_by_channel(tuple(block.var(name).shape))
        name = maker.input("X")[0]
    return name if by_channel and block.var(name).persistable else None


def _is_by_channel(shape: tuple[int, ...]) -> bool:
    """Whether the shape is (1, C, 1, 1)."""
    return len(shape) == 4 and shape == (1, shape[1], 1, 1)


def _readers(loaded: Program) -> Counter[str]:
    """The number of ops, including those in branches, that read each variable."""
    return Counter(
        name
        for block in loaded.program.blocks
        for op in block.ops
        for name in set(op.input_arg_names)
    )


def _remove(block: Any, indices: list[int]) -> None:
    for index in reversed(indices):
        block._remove_op(index)
