"""Quantisation-aware training with distillation from the uncompressed model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from compress.methods.base import MethodSpec
from compress.recipes.op_types import QAT_OP_TYPES
from compress.recipes.sections import ActivationScale, Bits, Section, SomeNames, WeightScale


class QuantAware(Section):
    """Quantisation-aware training. ACT drops it unless the recipe also has Distillation."""

    quantize_op_types: SomeNames = QAT_OP_TYPES
    weight_bits: Bits = 8
    activation_bits: Bits = 8
    not_quant_pattern: tuple[str, ...] | str = ("skip_quant",)
    use_pact: bool = False
    activation_quantize_type: ActivationScale = "moving_average_abs_max"
    weight_quantize_type: WeightScale = "channel_wise_abs_max"
    dtype: Literal["int8"] = "int8"
    window_size: int = Field(10000, gt=0)
    moving_rate: float = Field(0.9, ge=0, le=1)
    for_tensorrt: bool = False
    onnx_format: bool = True
    is_full_quantize: bool = False


METHOD = MethodSpec(
    role="quantise",
    asked_by=("QuantAware",),
    sections=(QuantAware,),
    op_types=QAT_OP_TYPES,
)
