"""A compression method as recipes see it: the sections that select it, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compress.recipes.sections import Section

Role = Literal["prune", "quantise", "distil"]
"""A recipe's steps come in this order: every prune, then a quantisation; distillation alone."""


@dataclass(frozen=True)
class MethodSpec:
    """What ``compress/methods/NAME/__init__.py`` offers as ``METHOD``.

    ``asked_by``: the sections that select the method together; the most specific method wins;
    ``sections``: the schemas that it adds to those of a recipe; ``op_types``: those that a
    quantising method takes unless its first section has ``quantize_op_types``; ``trains``: whether
    it reads a TrainConfig; ``teacher``: whether it learns from another model.
    """

    role: Role
    asked_by: tuple[str, ...]
    sections: tuple[type[Section], ...]
    op_types: tuple[str, ...] = ()
    trains: bool = True
    teacher: bool = True
