"""Transformer pruning with distillation."""

from __future__ import annotations

from compress.methods.base import MethodSpec
from compress.recipes.sections import Section, Share


class TransformerPrune(Section):
    """Removes hidden units of feed-forward blocks; attention heads stay."""

    pruned_ratio: Share


METHOD = MethodSpec(
    role="prune",
    asked_by=("TransformerPrune",),
    sections=(TransformerPrune,),
)
