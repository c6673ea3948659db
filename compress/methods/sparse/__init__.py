"""Unstructured sparsity with distillation: by ratio, by threshold or gradually."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from compress.methods.base import MethodSpec
from compress.recipes.sections import Section, Share


class GMPConfig(Section):
    """The schedule of gradual magnitude pruning, in iterations. ACT needs every key."""

    stable_iterations: float = Field(ge=0)
    pruning_iterations: float = Field(gt=0)
    tunning_iterations: float = Field(ge=0)
    resume_iteration: int
    pruning_steps: int = Field(gt=0)
    initial_ratio: Share


class UnstructurePrune(Section):
    """Sets single weights to zero."""

    prune_strategy: Literal["gmp"] | None = None
    prune_mode: Literal["ratio", "threshold"] = "ratio"
    threshold: float = Field(0.01, gt=0)
    ratio: Share = 0.55
    gmp_config: GMPConfig | None = None
    prune_params_type: Literal["conv1x1_only"] | None = "conv1x1_only"
    local_sparsity: bool = False


METHOD = MethodSpec(
    role="prune",
    asked_by=("UnstructurePrune",),
    sections=(UnstructurePrune,),
)
