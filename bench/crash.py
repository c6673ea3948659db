"""Finds the part of the engine that fails in Paddle's words, and runs without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bench.deployment import Deployment
from core.errors import JobFailure

T = TypeVar("T")
APPLIED = re.compile(r"paddle::framework::ir::(\w+Pass)::(?:ApplyImpl|Apply\w*)\(")
KERNEL = re.compile(r"phi::(\w+)Kernel<[^<>]+, phi::OneDNNContext>")
ABSENT = re.compile(r"no kernels which are registered in the (\w+) operator")
"""Paddle's words where oneDNN declines an op and there is no other kernel of that precision."""
BASES = {"Pass", "FusePassBase"}
MOST = 3
"""How many parts may be left out for one model before it counts as broken."""


def crashing_part(failure: JobFailure) -> str | None:
    """The graph pass or, failing that, the oneDNN kernel in which a signal killed the worker, or
    the op that has no kernel in its precision; None if the failure shows none of them.

    The traceback names classes, the answer is the name that options take:
    ``RepeatedFCReluFusePass`` is ``repeated_fc_relu_fuse_pass``, ``BatchNormKernel`` is
    ``batch_norm``.
    """
    if failure.kind != "signal":
        absent = ABSENT.search(failure.message)
        return absent[1] if absent else None
    passes = [name for name in APPLIED.findall(failure.log_tail) if name not in BASES]
    parts = passes or KERNEL.findall(failure.log_tail)
    return _snake(parts[-1]) if parts else None


def around_crashes(
    model: Deployment, attempt: Callable[[Deployment], T], most: int = MOST
) -> tuple[T, tuple[str, ...]]:
    """Repeats the attempt without each part that crashes, ``most`` parts at most.

    Returns the attempt's value and the parts left out for it; raises JobFailure.
    """
    try:
        return attempt(model), ()
    except JobFailure as failure:
        culprit = crashing_part(failure)
        if culprit is None or culprit in model.left_out or not most:
            raise
    result, culprits = around_crashes(model.without((culprit,)), attempt, most - 1)
    return result, (culprit, *culprits)


def describe_crash(name: str) -> str:
    """A remark on a part that crashes, by its name."""
    if name.endswith("_pass"):
        return f"the graph pass {name} crashes and was left out"
    return f"oneDNN's {name} fails; Paddle's own kernel runs instead"


def _snake(name: str) -> str:
    words = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
