"""What a compression method is to a recipe: the sections that ask for it, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compress.recipes.sections import Section

Role = Literal["prune", "quantise", "distil"]
"""A recipe's steps come in this order: every prune, then a quantisation; distillation alone."""


@dataclass(frozen=True)
class MethodSpec:
    """What ``compress/methods/NAME/__init__.py`` offers as ``METHOD``.

    ``asked_by``: the sections whose presence asks for the method, the most specific method winning;
    ``sections``: the schemas that it adds to those of a recipe. ``op_types``: what a quantising
    method quantises where its first section names no ``quantize_op_types``. ``trains``: it takes a
    TrainConfig; ``teacher``: it learns from another model.
    """

    role: Role
    asked_by: tuple[str, ...]
    sections: tuple[type[Section], ...]
    op_types: tuple[str, ...] = ()
    trains: bool = True
    teacher: bool = True
