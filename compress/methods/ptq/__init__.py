"""Post-training quantisation on a few batches, with or without a search over its settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from compress.methods.base import MethodSpec
from compress.recipes.op_types import PTQ_OP_TYPES
from compress.recipes.sections import (
    ActivationScale,
    Algorithm,
    Bits,
    Section,
    SomeNames,
    StaticWeightScale,
)

Percentile = Annotated[float, Field(gt=0, le=1)]
Batches = Annotated[int, Field(gt=0)]


class QuantPost(Section):
    """Post-training quantisation on a few batches."""

    batch_size: int = Field(32, gt=0)
    batch_nums: Batches | None = None
    epochs: int = Field(20, gt=0)
    lr: float = Field(0.1, gt=0)
    algo: Algorithm = "hist"
    hist_percent: Percentile = 0.999
    regions: tuple[tuple[str, ...], ...] | None = None
    region_weights_names: tuple[tuple[str, ...], ...] | None = None
    recon_level: Literal["layer-wise", "region-wise"] | None = None
    is_full_quantize: bool = False
    bias_correction: bool = False
    weight_quantize_type: StaticWeightScale = "channel_wise_abs_max"
    activation_quantize_type: ActivationScale = "range_abs_max"
    simulate_activation_quant: bool = False
    skip_tensor_list: tuple[str, ...] | None = None
    onnx_format: bool = True
    quantize_op_types: SomeNames = PTQ_OP_TYPES
    weight_bits: Bits = 8
    activation_bits: Bits = 8


class HyperParameterOptimization(Section):
    """A search over the settings of QuantPost. Lists hold the values to try; ``objective`` is the
    measure of a trial: how far outputs move, or accuracy on images of the training set.
    """

    ptq_algo: tuple[Algorithm, ...] = Field(("KL", "hist", "avg", "mse"), min_length=1)
    bias_correct: tuple[bool, ...] = Field((True, False), min_length=1)
    weight_quantize_type: tuple[StaticWeightScale, ...] = Field(
        ("channel_wise_abs_max",), min_length=1
    )
    hist_percent: tuple[Percentile, ...] = Field((0.98, 0.999), min_length=1)
    batch_num: tuple[Batches, ...] = Field((10, 30), min_length=1)
    objective: Literal["distance", "accuracy"] = "distance"
    max_quant_count: int = Field(20, gt=0)
    max_minutes: float | None = Field(None, gt=0)


METHOD = MethodSpec(
    role="quantise",
    asked_by=("QuantPost",),
    sections=(
        QuantPost,
        HyperParameterOptimization,
    ),
    op_types=PTQ_OP_TYPES,
    trains=False,
    teacher=False,
)
