"""What crashes in the engine: found in Paddle's traceback, and left out the next time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bench.deployment import Deployment
from core.errors import JobFailure

T = TypeVar("T")
APPLIED = re.compile(r"paddle::framework::ir::(\w+Pass)::(?:ApplyImpl|Apply\w*)\(")
KERNEL = re.compile(r"phi::(\w+)Kernel<[^<>]+, phi::OneDNNContext>")
BASES = {"Pass", "FusePassBase"}
MOST = 3
"""How much may be left out for one model before it counts as broken."""


def crashing_part(failure: JobFailure) -> str | None:
    """The name of the graph pass, or else of the kernel on oneDNN, in which a worker was killed;
    None if it did not die in one.

    Paddle names classes: ``RepeatedFCReluFusePass`` is ``repeated_fc_relu_fuse_pass``, and
    ``BatchNormKernel`` is ``batch_norm``.
    """
    if failure.kind != "signal":
        return None
    passes = [name for name in APPLIED.findall(failure.log_tail) if name not in BASES]
    found = passes or KERNEL.findall(failure.log_tail)
    return _snake(found[-1]) if found else None


def around_crashes(
    model: Deployment, attempt: Callable[[Deployment], T], most: int = MOST
) -> tuple[T, tuple[str, ...]]:
    """What the attempt returns, and what had to be left out for it; raises JobFailure."""
    try:
        return attempt(model), ()
    except JobFailure as failure:
        culprit = crashing_part(failure)
        if culprit is None or culprit in model.left_out or not most:
            raise
    without = replace(model, left_out=(*model.left_out, culprit))
    result, more = around_crashes(without, attempt, most - 1)
    return result, (culprit, *more)


def describe_crash(name: str) -> str:
    """What was done about the part of this name."""
    if name.endswith("_pass"):
        return f"the graph pass {name} crashes and was left out"
    return f"oneDNN's {name} crashes; Paddle's own kernel runs instead"


def _snake(name: str) -> str:
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", apart).lower()
