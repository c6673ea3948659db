"""What each type of op does with the channels of a convolution's output. Workers only.

A rule gets one op and one of its variables, with the axis along which channels are to be removed
from it. It returns the variables whose channels have to go as well, or raises ``Kept`` if nothing
can be removed, because the op mixes, moves or divides the channels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Place = tuple[str, int]
"""A variable and its axis of channels."""

PLAIN = {
    *("assign", "cast", "clip", "dropout", "elu", "floor", "gelu", "hard_sigmoid", "hard_swish"),
    *("leaky_relu", "mish", "relu", "relu6", "scale", "sigmoid", "silu", "softplus", "sqrt"),
    *("square", "swish", "tanh"),
}
"""Ops that compute every element from the one at the same place."""
SPATIAL = {"pool2d", "nearest_interp_v2", "bilinear_interp_v2", "bicubic_interp_v2", "pad3d"}
"""Ops that mix the elements of one channel."""
BINARY = {f"elementwise_{name}" for name in ("add", "sub", "mul", "div", "max", "min", "pow")}
REDUCING = {f"reduce_{name}" for name in ("mean", "max", "min", "sum")}
CONVOLVING = ("conv2d", "depthwise_conv2d", "conv2d_transpose")
NORMS = ("batch_norm", "sync_batch_norm")
WAYS = {
    **dict.fromkeys(("reshape2", "flatten_contiguous_range", "squeeze2", "unsqueeze2"), "reshapes"),
    "transpose2": "moves",
    "concat": "joins",
    **dict.fromkeys(("split", "slice", "strided_slice"), "divides"),
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm", "norm", "p_norm"), "normalises"),
    **dict.fromkeys(("softmax", "log_softmax"), "normalises"),
    **dict.fromkeys(("matmul", "matmul_v2", "mul", "bmm"), "multiplies"),
    "fetch": "returns",
    "feed": "provides",
}
"""What an op does to channels that are therefore kept."""


class Kept(Exception):
    """Channels that cannot be removed, and why."""


class Links:
    """A block's ops by the variables that they write and read."""

    def __init__(self, block: Any) -> None:
        self.block = block
        self.makers: dict[str, Any] = {}
        self.readers: dict[str, list[Any]] = {}
        for op in block.ops:
            self.makers.update(dict.fromkeys(op.output_arg_names, op))
            for name in dict.fromkeys(op.input_arg_names):
                self.readers.setdefault(name, []).append(op)

    def around(self, name: str) -> list[Any]:
        """The ops that read or write a variable."""
        maker = self.makers.get(name)
        return [*self.readers.get(name, ()), *([] if maker is None else [maker])]


@dataclass(frozen=True)
class Step:
    """One op at one of its variables."""

    op: Any
    name: str
    axis: int
    links: Links

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.links.block.var(name).shape)

    @property
    def count(self) -> int:
        """The number of channels."""
        return self.shape(self.name)[self.axis]

    def reads(self, slot: str) -> bool:
        return slot in self.op.input_names and self.name in self.op.input(slot)

    def kept(self) -> Kept:
        return Kept(f"{self.op.type} {WAYS.get(self.op.type, 'reads or writes')} them")


def follow(step: Step) -> list[Place]:
    """The places whose channels go together with the step's; raises Kept."""
    kind = step.op.type
    if kind in PLAIN:
        return _through(step, "X", "Out")
    rules: dict[str, Callable[[Step], list[Place]]] = {
        **dict.fromkeys(CONVOLVING, _convolution),
        **dict.fromkeys(NORMS, _norm),
        **dict.fromkeys(SPATIAL, _spatial),
        **dict.fromkeys(BINARY, _binary),
        **dict.fromkeys(REDUCING, _reduction),
        "softmax": _softmax,
        "shape": lambda _: [],
    }
    if kind not in rules:
        raise step.kept()
    return rules[kind](step)


def _through(step: Step, source: str, target: str) -> list[Place]:
    """The other side of an op that leaves every element at its place."""
    if step.reads(source):
        return [(step.op.output(target)[0], step.axis)]
    if step.name in step.op.output(target):
        return [(step.op.input(source)[0], step.axis)]
    raise step.kept()


def _at_channels(step: Step) -> None:
    layout = step.op.attr("data_format" if step.op.has_attr("data_format") else "data_layout")
    if layout not in ("NCHW", "NCDHW", "AnyLayout") or step.axis != 1:
        raise Kept(f"{step.op.type} reads them at another axis")


def _convolution(step: Step) -> list[Place]:
    """A convolution ends the channels that it reads, and is pruned with those that it writes; with
    it go all others with the same filter. One with a filter for each channel passes them on.
    """
    _at_channels(step)
    op, groups = step.op, step.op.attr("groups")
    if step.reads("Filter"):
        raise Kept("they are the filters of another convolution")
    if groups == 1:
        if op.type == "conv2d_transpose" and not step.reads("Input"):
            raise Kept("a transposed convolution writes them, too")
        sharing = step.links.readers[op.input("Filter")[0]]
        if step.reads("Input"):
            return [(other.input("Input")[0], 1) for other in sharing]
        return [(other.output("Output")[0], 1) for other in sharing]
    if groups == step.count and step.shape(op.input("Filter")[0])[:2] == (groups, 1):
        return _through(step, "Input", "Output")
    raise Kept("a convolution divides them into groups")


def _norm(step: Step) -> list[Place]:
    _at_channels(step)
    return _through(step, "X", "Y")


def _spatial(step: Step) -> list[Place]:
    _at_channels(step)
    return _through(step, "X", "Out")


def _softmax(step: Step) -> list[Place]:
    axis = step.op.attr("axis")
    if axis % len(step.shape(step.name)) == step.axis:
        raise step.kept()
    return _through(step, "X", "Out")


def _reduction(step: Step) -> list[Place]:
    """One value for all channels ends them; a value for each channel is a mean over the image,
    which PaddleSlim 2.6 does not follow.
    """
    rank = len(step.shape(step.op.input("X")[0]))
    axes = {axis % rank for axis in step.op.attr("dim")}
    if step.reads("X") and (step.op.attr("reduce_all") or step.axis in axes):
        return []
    raise Kept(f"{step.op.type} takes them to the next layer")


def _binary(step: Step) -> list[Place]:
    """Both operands and the result, where they have an axis of channels of the same size."""
    op = step.op
    result = op.output("Out")[0]
    shape = step.shape(result)
    axis = step.axis + _first_axis(step, len(shape) - len(step.shape(step.name)))
    places = [(result, axis)] if step.name != result else []
    for other in (op.input("X")[0], op.input("Y")[0]):
        own = step.shape(other)
        at = axis - _first_axis(step, len(shape) - len(own))
        if other != step.name and 0 <= at < len(own) and own[at] == step.count:
            places.append((other, at))
    return [place for place in places if not _is_vector(step, place)]


def _first_axis(step: Step, missing: int) -> int:
    """The result's axis at which an operand's first axis lies that lacks ``missing`` axes."""
    axis: int = step.op.attr("axis")
    return axis if missing and axis >= 0 else missing


def _is_vector(step: Step, place: Place) -> bool:
    """Whether it is a parameter with one value for each channel, possibly shaped [1, C, 1, 1]."""
    name = place[0]
    maker = step.links.makers.get(name)
    if maker is not None and maker.type == "reshape2":
        name = maker.input("X")[0]
    return bool(step.links.block.var(name).persistable) and len(step.shape(name)) == 1
