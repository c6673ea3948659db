"""A model that changed code can affect: its exported program tells whether it does."""

from __future__ import annotations

from typing import Any

from bench.variant import Side
from core.quantities import Axis
from core.schema import StrictModel


class Origin(StrictModel):
    """Where one side comes from. ``change``: the change that the commit belongs to, None if it is
    part of the base branch.
    """

    commit: str
    change: str | None = None


class Candidate(StrictModel):
    """A model whose config is the same on both sides. ``settles``: equal programs leave nothing to
    measure, because what differs decides the network alone.
    """

    config_file: str
    config: dict[str, Any]
    sides: dict[Side, Origin]
    input_shape: tuple[Axis, ...]
    output_op: str
    dynamic_shape: bool = False
    settles: bool = False
