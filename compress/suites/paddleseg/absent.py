"""What the suite's mean IoU counts for a class that neither occurs nor is predicted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from compress.suites.decorated import parse_code
from compress.suites.support import ReadCode

METRICS, FUNCTION, NAME = "paddleseg/utils/metrics.py", "mean_iou", "iou"
OLDEST = 0
"""Up to version 2.8; since 2.9 it is 1. The more classes are absent, the further apart both are."""


def counting(read: ReadCode) -> dict[str, Any]:
    """``absent``: 0 or 1, as the suite's code says; None if it says anything else."""
    content = read(METRICS)
    if content is None:
        return {"absent": OLDEST}
    values = set(_values(content))
    return {"absent": values.pop() if values in ({0}, {1}) else None}


def _values(content: bytes) -> Iterator[Any]:
    """What the function assigns to the IoU of a class, where that is a constant."""
    module = parse_code(content)
    for function in module.body if module else ():
        if isinstance(function, ast.FunctionDef) and function.name == FUNCTION:
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                    if NAME in names:
                        yield node.value.value
