"""Names of earlier releases and of other tools, and what has taken their place.

Sources: the history of ``paddleslim/auto_compression/strategy_config.py`` in PaddleSlim (releases
2.3 to 2.6), ``paddle.static.quantization`` for the spellings of Paddle's own functions, and
``paddleslim.dygraph.quant`` for those of the tools for dynamic graphs.
"""

from __future__ import annotations

SECTIONS_BEFORE = {
    "Quantization": ("QuantAware",),
    "Prune": ("ChannelPrune", "TransformerPrune"),
}
"""Section names of earlier releases: ``Quantization`` became ``QuantAware`` in PaddleSlim 2.4,
``Prune`` was split by its ``prune_algo`` in 2.3."""

PRUNES_BEFORE = {
    "prune": "ChannelPrune",
    "asp": "ASPPrune",
    "transformer_pruner": "TransformerPrune",
}
"""The section that each ``prune_algo`` of ``Prune`` became."""

SECTIONS_ELSEWHERE = {
    "asp": ("ASPPrune",),
    "distil": ("Distillation",),
    "distill": ("Distillation",),
    "hpo": ("HyperParameterOptimization",),
    "ptq": ("QuantPost",),
    "qat": ("QuantAware",),
    "quant": ("QuantAware", "QuantPost"),
    "quantize": ("QuantAware", "QuantPost"),
    "sparse": ("UnstructurePrune",),
}
"""What other tools call a section, in lower case. Their content differs: a hint, never a fix."""

KEYS = {
    ("Distillation", "distill_loss"): "loss",
    ("Distillation", "distill_node_pair"): "node",
    ("Distillation", "distill_lambda"): "alpha",
    ("MultiTeacherDistillation", "distill_loss"): "loss",
    ("MultiTeacherDistillation", "distill_node_pair"): "node",
    ("MultiTeacherDistillation", "distill_lambda"): "alpha",
    ("UnstructurePrune", "prune_ratio"): "ratio",
    ("UnstructurePrune", "pruned_ratio"): "ratio",
    ("UnstructurePrune", "gmp_config", "tuning_iterations"): "tunning_iterations",
    ("QuantAware", "quantizable_op_type"): "quantize_op_types",
    ("QuantPost", "quantizable_op_type"): "quantize_op_types",
    ("QuantPost", "bias_correct"): "bias_correction",
    ("QuantPost", "ptq_algo"): "algo",
    ("QuantPost", "batch_num"): "batch_nums",
    ("HyperParameterOptimization", "bias_correction"): "bias_correct",
    ("HyperParameterOptimization", "algo"): "ptq_algo",
    ("HyperParameterOptimization", "batch_nums"): "batch_num",
    ("HyperParameterOptimization", "runcount_limit"): "max_quant_count",
}
"""The key of today for the same value: earlier releases of ACT, other functions of PaddleSlim, and
two sections that spell the same thing differently, which tutorials mix up."""

_LAYERS = "it names layers of dynamic graphs; list op types, such as conv2d, in quantize_op_types"
_DYNAMIC = "it belongs to PaddleSlim's QAT for dynamic graphs"
_SPLIT = "delete it: the section's name says which prune this is"
_BUILDER = "the optimizer stands in optimizer_builder: {optimizer: {type: SGD}, weight_decay: 0.0}"
_TEACHER = "delete it: ACT compares the inputs of both models itself"

GONE = {
    ("Distillation", "merge_feed"): _TEACHER,
    ("MultiTeacherDistillation", "merge_feed"): _TEACHER,
    ("ChannelPrune", "prune_algo"): _SPLIT,
    ("ASPPrune", "prune_algo"): _SPLIT,
    ("TransformerPrune", "prune_algo"): _SPLIT,
    ("TrainConfig", "optimizer"): _BUILDER,
    ("TrainConfig", "optim_args"): _BUILDER,
    ("TrainConfig", "weight_decay"): _BUILDER,
    ("TrainConfig", "use_fleet"): "delete it: ACT sees by itself how many devices there are",
    ("QuantAware", "weight_preprocess_type"): f"{_DYNAMIC}; ACT's PACT is use_pact: true",
    ("QuantAware", "activation_preprocess_type"): f"{_DYNAMIC}; ACT's PACT is use_pact: true",
    ("QuantAware", "quantizable_layer_type"): _LAYERS,
    ("QuantPost", "quantizable_layer_type"): _LAYERS,
    ("QuantPost", "use_pact"): "delete it: only QuantAware, which trains, has it",
    ("QuantPost", "not_quant_pattern"): "only QuantAware has it; QuantPost has skip_tensor_list",
    ("QuantPost", "input_list"): "it belongs to Global, which the suite's scripts read",
}
"""Keys without a successor for the same value, and what to do instead."""

WORDS: dict[tuple[str, ...], dict[str, str]] = {
    ("Distillation", "loss"): {"l2_loss": "l2", "soft_label_loss": "soft_label"},
    ("MultiTeacherDistillation", "loss"): {"l2_loss": "l2", "soft_label_loss": "soft_label"},
}
"""Words of earlier releases as values, with those of today."""

CLASSES_ELSEWHERE = frozenset(
    [
        "asgd",
        "adabound",
        "adafactor",
        "dgcmomentum",
        "dpsgd",
        "ftrl",
        "lars",
        "lion",
        "nadam",
        "radam",
        "rprop",
    ]
)
"""Optimizers of other releases and frameworks, in lower case: no misspellings of Paddle's."""

OP_TYPES = {"depthwise_conv": "depthwise_conv2d"}
"""Misspelt op types that are no op types of Paddle; most names near to one are ops themselves."""
