"""Channel pruning with distillation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from compress.methods.base import MethodSpec
from compress.recipes.sections import Section, Share, SomeNames


class ChannelPrune(Section):
    """Removes whole channels of convolutions."""

    pruned_ratio: Share | Annotated[tuple[Share, ...], Field(min_length=1)]
    prune_params_name: SomeNames | None = None
    criterion: Literal["l1_norm", "bn_scale", "geometry_median"] = "l1_norm"


METHOD = MethodSpec(
    role="prune",
    asked_by=("ChannelPrune",),
    sections=(ChannelPrune,),
)
