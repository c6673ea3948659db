"""ASP 2:4 pruning with distillation."""

from __future__ import annotations

from compress.methods.base import MethodSpec
from compress.recipes.sections import Section, SomeNames


class ASPPrune(Section):
    """Two zeros in every four weights, for the sparse tensor cores of GPUs."""

    prune_params_name: SomeNames | None = None


METHOD = MethodSpec(
    role="prune",
    asked_by=("ASPPrune",),
    sections=(ASPPrune,),
)
