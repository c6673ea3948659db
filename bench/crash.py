"""Graph passes that crash: found in the traceback that Paddle leaves, and not run the next time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bench.timing import TimedModel
from compress.errors import JobFailure

T = TypeVar("T")
APPLIED = re.compile(r"paddle::framework::ir::(\w+Pass)::(?:ApplyImpl|Apply\w*)\(")
BASES = {"Pass", "FusePassBase"}
MOST = 3
"""How many passes may be deleted for one model before it counts as broken."""


def crashing_pass(failure: JobFailure) -> str | None:
    """The name of the pass in which a worker was killed, None if it did not die in one.

    Paddle names classes: ``RepeatedFCReluFusePass`` is ``repeated_fc_relu_fuse_pass``.
    """
    if failure.kind != "signal":
        return None
    names = [name for name in APPLIED.findall(failure.log_tail) if name not in BASES]
    return _snake(names[-1]) if names else None


def around_crashes(
    model: TimedModel, attempt: Callable[[TimedModel], T], most: int = MOST
) -> tuple[T, tuple[str, ...]]:
    """What the attempt returns, and the passes that had to be deleted for it; raises JobFailure."""
    try:
        return attempt(model), ()
    except JobFailure as failure:
        culprit = crashing_pass(failure)
        if culprit is None or culprit in model.delete_passes or not most:
            raise
    without = replace(model, delete_passes=(*model.delete_passes, culprit))
    result, more = around_crashes(without, attempt, most - 1)
    return result, (culprit, *more)


def _snake(name: str) -> str:
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", apart).lower()
