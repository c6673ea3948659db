"""The sections of a compression recipe: PaddleSlim's ACT YAML, version 2.6, as a schema.

Defaults are PaddleSlim's (``paddleslim/auto_compression/strategy_config.py``). ``TaskLoss`` and
``max_minutes`` are slimgate's own: ACT has no training on labels.
"""

from __future__ import annotations

import difflib
import json
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from compress.recipes.op_types import PTQ_OP_TYPES, QAT_OP_TYPES
from compress.schema import StrictModel

Bits = Annotated[int, Field(ge=1, le=16)]
Share = Annotated[float, Field(ge=0, lt=1)]
WeightScale = Literal["abs_max", "channel_wise_abs_max", "range_abs_max", "moving_average_abs_max"]
ActivationScale = Literal["abs_max", "range_abs_max", "moving_average_abs_max"]
Algorithm = Literal["KL", "hist", "avg", "mse", "emd", "abs_max", "ptf"]
"""All of Paddle 2.6's but ``min_max``, which calibrates and then quantises nothing."""
DistillationLoss = Literal["l2", "dkd", "fsp", "skd", "soft_label"]
Nodes = tuple[str, ...] | tuple[tuple[str, ...], ...]


class Section(StrictModel):
    """A section; unknown keys are refused, as ACT refuses them (with a bare TypeError)."""

    model_config = ConfigDict(strict=True)


class QuantAware(Section):
    """Quantisation-aware training. ACT drops it unless a Distillation stands beside it."""

    quantize_op_types: tuple[str, ...] = QAT_OP_TYPES
    weight_bits: Bits = 8
    activation_bits: Bits = 8
    not_quant_pattern: tuple[str, ...] | str = ("skip_quant",)
    use_pact: bool = False
    activation_quantize_type: WeightScale = "moving_average_abs_max"
    weight_quantize_type: WeightScale = "channel_wise_abs_max"
    dtype: Literal["int8"] = "int8"
    window_size: int = 10000
    moving_rate: float = 0.9
    for_tensorrt: bool = False
    onnx_format: bool = True
    is_full_quantize: bool = False


class Distillation(Section):
    """Learning from a teacher, by default the uncompressed model itself."""

    loss: DistillationLoss | tuple[DistillationLoss, ...] = "l2"
    node: Nodes = ()
    alpha: float | tuple[float, ...] = 1.0
    teacher_model_dir: str | None = None
    teacher_model_filename: str | None = None
    teacher_params_filename: str | None = None


class MultiTeacherDistillation(Section):
    """Learning from several teachers at once."""

    loss: tuple[DistillationLoss, ...] = ()
    node: tuple[tuple[str, ...], ...] = ()
    alpha: tuple[float, ...] = ()
    teacher_model_dir: tuple[str, ...] = ()
    teacher_model_filename: tuple[str, ...] = ()
    teacher_params_filename: tuple[str, ...] = ()


class QuantPost(Section):
    """Post-training quantisation on a few batches."""

    batch_size: int = Field(32, gt=0)
    batch_nums: int | None = Field(None, gt=0)
    epochs: int = Field(20, gt=0)
    lr: float = Field(0.1, gt=0)
    algo: Algorithm = "hist"
    hist_percent: float = Field(0.999, gt=0, le=1)
    regions: tuple[tuple[str, ...], ...] | None = None
    region_weights_names: tuple[tuple[str, ...], ...] | None = None
    recon_level: Literal["layer-wise", "region-wise"] | None = None
    is_full_quantize: bool = False
    bias_correction: bool = False
    weight_quantize_type: WeightScale = "channel_wise_abs_max"
    activation_quantize_type: ActivationScale = "range_abs_max"
    simulate_activation_quant: bool = False
    skip_tensor_list: tuple[str, ...] | None = None
    onnx_format: bool = True
    quantize_op_types: tuple[str, ...] = PTQ_OP_TYPES
    weight_bits: Bits = 8
    activation_bits: Bits = 8


class HyperParameterOptimization(Section):
    """A search over the settings of QuantPost. Lists hold the values to try; ``objective`` says
    what the trials are judged by: how far outputs move, or accuracy on images of the training set.
    """

    ptq_algo: tuple[Algorithm, ...] = ("KL", "hist", "avg", "mse")
    bias_correct: tuple[bool, ...] = (True, False)
    weight_quantize_type: tuple[WeightScale, ...] = ("channel_wise_abs_max",)
    hist_percent: tuple[float, ...] = (0.98, 0.999)
    batch_num: tuple[int, ...] = (10, 30)
    objective: Literal["distance", "accuracy"] = "distance"
    max_quant_count: int = Field(20, gt=0)
    max_minutes: float | None = Field(None, gt=0)


class ChannelPrune(Section):
    """Removes whole channels of convolutions."""

    pruned_ratio: Share | tuple[Share, ...]
    prune_params_name: tuple[str, ...] | None = None
    criterion: Literal["l1_norm", "bn_scale", "geometry_median"] = "l1_norm"


class ASPPrune(Section):
    """Two zeros in every four weights, for the sparse tensor cores of GPUs."""

    prune_params_name: tuple[str, ...] | None = None


class TransformerPrune(Section):
    """Removes hidden units of feed-forward blocks; attention heads stay."""

    pruned_ratio: Share


class GMPConfig(Section):
    """The schedule of gradual magnitude pruning, in iterations."""

    stable_iterations: float = Field(0, ge=0)
    pruning_iterations: float = Field(gt=0)
    tunning_iterations: float = Field(ge=0)
    resume_iteration: int = -1
    pruning_steps: int = Field(100, gt=0)
    initial_ratio: Share = 0.15


class UnstructurePrune(Section):
    """Sets single weights to zero."""

    prune_strategy: Literal["gmp"] | None = None
    prune_mode: Literal["ratio", "threshold"] = "ratio"
    threshold: float = Field(0.01, gt=0)
    ratio: Share = 0.55
    gmp_config: GMPConfig | None = None
    prune_params_type: Literal["conv1x1_only"] | None = "conv1x1_only"
    local_sparsity: bool = False


class TaskLoss(Section):
    """Training on the data's labels: the classic quant-aware flow, without a teacher."""

    loss: Literal["cross_entropy"] = "cross_entropy"
    ignore_index: int = 255


class TrainConfig(Section):
    """How long and how fast to train."""

    epochs: int | None = Field(None, gt=0)
    train_iter: int | None = Field(None, gt=0)
    learning_rate: float | dict[str, Any] = 0.02
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


SECTIONS: dict[str, type[Section]] = {
    section.__name__: section
    for section in (
        QuantAware,
        Distillation,
        MultiTeacherDistillation,
        QuantPost,
        HyperParameterOptimization,
        ChannelPrune,
        ASPPrune,
        TransformerPrune,
        UnstructurePrune,
        TaskLoss,
        TrainConfig,
        Global,
    )
}
PRUNES = ("ChannelPrune", "ASPPrune", "TransformerPrune", "UnstructurePrune")
DISTILLATIONS = ("Distillation", "MultiTeacherDistillation")
METHOD_SECTIONS = tuple(name for name in SECTIONS if name not in ("TrainConfig", "Global"))


RENAMED = {
    "Quantization": ("QuantAware",),
    "Prune": ("ChannelPrune", "TransformerPrune"),
}
"""Names of earlier releases: ``Quantization`` became ``QuantAware`` in PaddleSlim 2.4. Those with
one meaning can be corrected."""


def meant_sections(name: str) -> tuple[str, ...]:
    """The sections that a key may have been meant for; none for a section, and for what looks
    like none: the suites' scripts read sections of their own from the same file.
    """
    if name in SECTIONS:
        return ()
    lowered = {section.casefold(): section for section in SECTIONS}
    close = difflib.get_close_matches(name.casefold(), lowered, n=1, cutoff=0.75)
    return RENAMED.get(name) or tuple(lowered[one] for one in close)


def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a whole recipe, for editors."""
    fields: dict[str, Any] = {
        name: (section | None, Field(None, description=section.__doc__))
        for name, section in SECTIONS.items()
    }
    model = create_model("Recipe", __config__=ConfigDict(extra="forbid"), **fields)
    title = "Compression recipe (PaddleSlim ACT 2.6)"
    return {**model.model_json_schema(), "title": title}


def validate_section(name: str, content: dict[str, Any]) -> list[ErrorDetails]:
    """What is wrong with a section's content, as pydantic words it; empty for a good one.

    Validated as JSON and strictly: no text for numbers, no numbers for truth values.
    """
    try:
        SECTIONS[name].model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        return error.errors(include_url=False)
    return []
