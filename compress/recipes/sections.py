"""Types of values in recipes, and the sections that belong to no method."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from core.schema import StrictModel

Bits = Annotated[int, Field(ge=1, le=16)]


Share = Annotated[float, Field(ge=0, lt=1)]


Weight = Annotated[float, Field(ge=0)]
"""Of a loss; below zero, training would lead away from the teacher."""


SomeNames = Annotated[tuple[str, ...], Field(min_length=1)]
"""An empty list selects nothing in some methods of PaddleSlim, and everything in others."""


WeightScale = Literal["abs_max", "channel_wise_abs_max", "range_abs_max", "moving_average_abs_max"]
"""While training (``QuantizationTransformPassV2``)."""


StaticWeightScale = Literal["abs_max", "channel_wise_abs_max"]
"""After training (``PostTrainingQuantization._support_weight_quantize_type``)."""


ActivationScale = Literal["abs_max", "range_abs_max", "moving_average_abs_max"]
"""Both: PaddleSlim lets ``channel_wise_abs_max`` pass, Paddle's passes assert against it."""


Algorithm = Literal["KL", "hist", "avg", "mse", "emd", "abs_max", "ptf"]
"""All algorithms of Paddle 2.6 except ``min_max``, which calibrates and then quantises nothing."""


DistillationLoss = Literal["l2", "dkd", "skd", "soft_label"]
"""All losses of PaddleSlim 2.6 except ``fsp``, which takes four nodes where ACT passes two."""


Nodes = tuple[str, ...] | tuple[tuple[str, ...], ...]


class Section(StrictModel):
    """A section; unknown keys are refused, as ACT refuses them (with a bare TypeError)."""

    model_config = ConfigDict(strict=True)


class TrainConfig(Section):
    """How long and how fast to train."""

    epochs: int | None = Field(None, gt=0)
    train_iter: int | None = Field(None, gt=0)
    learning_rate: Annotated[float, Field(ge=0)] | dict[str, Any] = 0.02
    optimizer_builder: dict[str, Any] = Field(default={"optimizer": {"type": "SGD"}})
    eval_iter: int = Field(1000, gt=0)
    logging_iter: int = Field(10, gt=0)
    origin_metric: float | None = None
    target_metric: float | None = None
    amp_config: dict[str, Any] | None = None
    recompute_config: dict[str, Any] | None = None
    sharding_config: dict[str, Any] | None = None
    sparse_model: bool = False


class Global(Section):
    """What the suites' own scripts read; slimgate takes these facts from the manifest."""

    model_config = ConfigDict(extra="allow")
