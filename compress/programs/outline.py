"""An exported program as data: equal outlines are programs that compute the same."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field, model_validator

from core.quantities import Axis, Count
from core.schema import StrictModel
from core.texts import Name

MAX_OPS, MAX_INPUTS, MAX_SETTINGS = 10_000, 2_000, 4_000
Source = tuple[int, Annotated[int, Field(ge=0, le=MAX_OPS)]]
"""(op, number of its output); what no op writes has -1 and its number in ``Outline.arrays``, or -2
and its number in ``Outline.feeds``, or is ``NOTHING``."""
ARRAY, FEED = -1, -2
NOTHING: Source = (-3, 0)
"""A variable that nothing has written, such as the counter of a step."""


class ArrayOutline(StrictModel):
    """A stored array. ``name``: the suite's, empty if it has none; ``digest``: of its bytes."""

    name: Name
    shape: tuple[Axis, ...]
    dtype: Name
    digest: Name


class OpOutline(StrictModel):
    """An op. ``settings``: the number in ``Outline.settings`` of its slots and attributes;
    ``inputs``: what it reads, in the order of its slots; ``results``: of a loop or branch, what its
    body writes for each output; ``depth``: 0 in the main block, 1 in the body of a loop or branch,
    and so on.
    """

    type: Name
    settings: Count
    inputs: Annotated[tuple[Source, ...], Field(max_length=MAX_INPUTS)]
    results: Annotated[tuple[Source, ...], Field(max_length=MAX_INPUTS)] = ()
    depth: Count = 0


class Outline(StrictModel):
    """A program in a form that depends on what is computed alone: neither on names nor on the order
    in which independent ops were written. ``ops``: those that an output depends on, each after what
    it reads. ``settings``: each a JSON object of slots and attributes. ``feeds``: names, shapes and
    types of the inputs; ``outputs``: what is returned. ``flops``: multiplications for one image.
    """

    ops: Annotated[tuple[OpOutline, ...], Field(max_length=MAX_OPS)]
    settings: Annotated[tuple[str, ...], Field(max_length=MAX_SETTINGS)]
    arrays: Annotated[tuple[ArrayOutline, ...], Field(max_length=MAX_OPS)]
    feeds: tuple[Name, ...]
    outputs: tuple[Source, ...]
    flops: Count

    @model_validator(mode="after")
    def _refer_to_what_is_there(self) -> Outline:
        sizes = {ARRAY: len(self.arrays), FEED: len(self.feeds), NOTHING[0]: 1}
        sources = (source for op in self.ops for source in (*op.inputs, *op.results))
        for op, place in (*sources, *self.outputs):
            if op >= len(self.ops) or op < min(sizes) or place >= sizes.get(op, MAX_INPUTS):
                raise ValueError(f"({op}, {place}) refers to nothing")
        if any(op.settings >= len(self.settings) for op in self.ops):
            raise ValueError("an op refers to settings that are not there")
        if not all(isinstance(json.loads(text), dict) for text in self.settings):
            raise ValueError("the settings of an op are no JSON object")
        return self

    @property
    def weights(self) -> int:
        """The number of stored values."""
        total = 0
        for array in self.arrays:
            values = 1
            for axis in array.shape:
                values *= abs(axis)
            total += values
        return total
