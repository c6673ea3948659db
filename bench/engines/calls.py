"""Calls that configure an engine as data, on ``paddle.inference.Config`` or ``openvino.Core``:
results hold them, tests compare them, workers make them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.schema import StrictModel


class OpSet(StrictModel):
    """A set of op types."""

    op_set: tuple[str, ...]


class ModelOps(StrictModel):
    """The set of the model's op types except those that these kernels run and, with
    ``without_repeated_inputs``, those of an op that reads a variable twice.
    """

    without_kernels: tuple[str, ...]
    without_repeated_inputs: bool = False


class PaddlePrecision(StrictModel):
    """A member of ``paddle.inference.PrecisionType``."""

    precision_type: Literal["Float32", "Half", "Int8"]


class ShapeRanges(StrictModel):
    """The path of the file with the ranges of all shapes, which lies where the worker is told."""

    shape_ranges: Literal[True] = True


Argument = bool | int | str | tuple[str, ...] | OpSet | ModelOps | PaddlePrecision | ShapeRanges
"""A tuple stands for a list."""


class Call(StrictModel):
    """One call on what configures the library; ``named`` are its keyword arguments."""

    method: str
    arguments: tuple[Argument, ...] = ()
    named: dict[str, Argument] = Field(default_factory=dict)

    def __str__(self) -> str:
        """``enable_use_gpu(100, 0)``: the call as code, in short."""
        named = (f"{name}={_text(value)}" for name, value in self.named.items())
        return f"{self.method}({', '.join([*map(_text, self.arguments), *named])})"


def call(method: str, *arguments: Argument, **named: Argument) -> Call:
    """The call with these arguments."""
    return Call(method=method, arguments=arguments, named=named)


def _text(value: Argument) -> str:
    if isinstance(value, OpSet):
        return "{" + ", ".join(map(repr, value.op_set)) + "}"
    if isinstance(value, ModelOps):
        repeated = ("repeated inputs",) if value.without_repeated_inputs else ()
        return f"<op types without {', '.join((*value.without_kernels, *repeated))}>"
    if isinstance(value, PaddlePrecision):
        return f"PrecisionType.{value.precision_type}"
    if isinstance(value, ShapeRanges):
        return "<shape ranges>"
    return repr(list(value) if isinstance(value, tuple) else value)
