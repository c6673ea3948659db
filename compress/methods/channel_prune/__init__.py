"""Channel pruning with distillation."""

from __future__ import annotations

from typing import Literal

from compress.methods.base import MethodSpec
from compress.recipes.sections import Section, Share


class ChannelPrune(Section):
    """Removes whole channels of convolutions."""

    pruned_ratio: Share | tuple[Share, ...]
    prune_params_name: tuple[str, ...] | None = None
    criterion: Literal["l1_norm", "bn_scale", "geometry_median"] = "l1_norm"


METHOD = MethodSpec(
    role="prune",
    asked_by=("ChannelPrune",),
    sections=(ChannelPrune,),
)
