"""What PaddleSlim's ACT builds by name from ``TrainConfig``: Paddle 2.6's learning-rate schedules,
optimizers, regularizers and gradient clips, with their arguments.

``create_compressed_program._create_optimizer`` calls ``getattr(module, type)(**others)``. The
tables are compared with the installed Paddle (``tests/compress/recipes/test_paddle_classes.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["integer", "number", "float", "truth", "text", "numbers", "object", "any"]
"""``number`` takes integers, too; ``float`` does not; ``numbers`` is a list; an ``object`` is
one of Python, which cannot stand in a recipe."""


@dataclass(frozen=True)
class PaddleClass:
    """``required`` and ``optional`` arguments by name. ``refused`` says why ACT cannot use it."""

    required: dict[str, Kind] = field(default_factory=dict)
    optional: dict[str, Kind] = field(default_factory=dict)
    refused: str | None = None

    @property
    def arguments(self) -> dict[str, Kind]:
        """All arguments that a recipe can give."""
        return {**self.required, **self.optional}


def _schedule(
    required: dict[str, Kind],
    optional: dict[str, Kind] | None = None,
    *,
    rate: bool = True,
    refused: str | None = None,
) -> PaddleClass:
    first: dict[str, Kind] = {"learning_rate": "number"} if rate else {}
    last: dict[str, Kind] = {"last_epoch": "integer", "verbose": "truth"}
    return PaddleClass({**first, **required}, {**(optional or {}), **last}, refused)


FUNCTION = "its lr_lambda is a function, which a recipe cannot hold"

SCHEDULES: dict[str, PaddleClass] = {
    "CosineAnnealingDecay": _schedule({"T_max": "integer"}, {"eta_min": "number"}),
    "CosineAnnealingWarmRestarts": _schedule(
        {"T_0": "integer"}, {"T_mult": "integer", "eta_min": "number"}
    ),
    "CyclicLR": _schedule(
        {
            "base_learning_rate": "number",
            "max_learning_rate": "number",
            "step_size_up": "integer",
        },
        {
            "step_size_down": "integer",
            "mode": "text",
            "exp_gamma": "float",
            "scale_fn": "object",
            "scale_mode": "text",
        },
        rate=False,
    ),
    "ExponentialDecay": _schedule({"gamma": "number"}),
    "InverseTimeDecay": _schedule({"gamma": "number"}),
    "LambdaDecay": _schedule({"lr_lambda": "any"}, refused=FUNCTION),
    "LinearLR": _schedule(
        {"total_steps": "integer"}, {"start_factor": "number", "end_factor": "number"}
    ),
    "LinearWarmup": _schedule(
        {"warmup_steps": "integer", "start_lr": "number", "end_lr": "number"}
    ),
    "MultiStepDecay": _schedule({"milestones": "numbers"}, {"gamma": "number"}),
    "MultiplicativeDecay": _schedule({"lr_lambda": "any"}, refused=FUNCTION),
    "NaturalExpDecay": _schedule({"gamma": "number"}),
    "NoamDecay": _schedule(
        {"d_model": "number", "warmup_steps": "number"}, {"learning_rate": "number"}, rate=False
    ),
    "OneCycleLR": _schedule(
        {"max_learning_rate": "number", "total_steps": "integer"},
        {
            "divide_factor": "number",
            "end_learning_rate": "number",
            "phase_pct": "float",
            "anneal_strategy": "text",
            "three_phase": "truth",
        },
        rate=False,
    ),
    "PiecewiseDecay": _schedule({"boundaries": "numbers", "values": "numbers"}, rate=False),
    "PolynomialDecay": _schedule(
        {"decay_steps": "integer"}, {"end_lr": "number", "power": "number", "cycle": "truth"}
    ),
    "ReduceOnPlateau": PaddleClass(
        {"learning_rate": "number"},
        {
            "mode": "text",
            "factor": "number",
            "patience": "integer",
            "threshold": "number",
            "threshold_mode": "text",
            "cooldown": "integer",
            "min_lr": "number",
            "epsilon": "number",
            "verbose": "truth",
        },
        refused="its step() needs a metric, which ACT does not pass",
    ),
    "StepDecay": _schedule({"step_size": "integer"}, {"gamma": "number"}),
}

PASSED = ("learning_rate", "grad_clip", "weight_decay")
"""Arguments that ACT itself passes to an optimizer: a second value for one is a TypeError."""

_MOMENTS: dict[str, Kind] = {"beta1": "number", "beta2": "number", "epsilon": "number"}
_NOT_IN_YAML: dict[str, Kind] = {"parameters": "object", "name": "text"}


def _optimizer(optional: dict[str, Kind], refused: str | None = None) -> PaddleClass:
    return PaddleClass({}, {**optional, **_NOT_IN_YAML}, refused)


OPTIMIZERS: dict[str, PaddleClass] = {
    "Adadelta": _optimizer({"epsilon": "number", "rho": "number"}),
    "Adagrad": _optimizer({"epsilon": "number", "initial_accumulator_value": "number"}),
    "Adam": _optimizer(
        {**_MOMENTS, "lazy_mode": "truth", "multi_precision": "truth", "use_multi_tensor": "truth"}
    ),
    "AdamW": _optimizer(
        {
            **_MOMENTS,
            "lr_ratio": "object",
            "apply_decay_param_fun": "object",
            "lazy_mode": "truth",
            "multi_precision": "truth",
        }
    ),
    "Adamax": _optimizer(_MOMENTS),
    "LBFGS": _optimizer(
        {
            "max_iter": "integer",
            "max_eval": "integer",
            "tolerance_grad": "number",
            "tolerance_change": "number",
            "history_size": "integer",
            "line_search_fn": "text",
        },
        "it works on dynamic graphs only",
    ),
    "Lamb": _optimizer(
        {
            "lamb_weight_decay": "number",
            **_MOMENTS,
            "exclude_from_weight_decay_fn": "object",
            "multi_precision": "truth",
            "always_adapt": "truth",
        },
        "it takes no weight_decay, which ACT always passes",
    ),
    "Momentum": _optimizer(
        {
            "momentum": "number",
            "use_nesterov": "truth",
            "multi_precision": "truth",
            "rescale_grad": "number",
            "use_multi_tensor": "truth",
        }
    ),
    "RMSProp": _optimizer(
        {"rho": "number", "epsilon": "number", "momentum": "number", "centered": "truth"}
    ),
    "SGD": _optimizer({"multi_precision": "truth"}),
}

REGULARIZERS: dict[str, PaddleClass] = {
    "L1Decay": PaddleClass({}, {"coeff": "number"}),
    "L2Decay": PaddleClass({}, {"coeff": "number"}),
}

CLIPS: dict[str, PaddleClass] = {
    "ClipGradByGlobalNorm": PaddleClass(
        {"clip_norm": "number"}, {"group_name": "text", "auto_skip_clip": "truth"}
    ),
    "ClipGradByNorm": PaddleClass({"clip_norm": "number"}),
    "ClipGradByValue": PaddleClass({"max": "number"}, {"min": "number"}),
}

ABOVE_ZERO = frozenset(
    [
        "T_max",
        "T_0",
        "T_mult",
        "clip_norm",
        "d_model",
        "decay_steps",
        "divide_factor",
        "power",
        "start_factor",
        "step_size",
        "step_size_down",
        "step_size_up",
        "total_steps",
        "warmup_steps",
    ]
)
FROM_ZERO = frozenset(
    [
        "base_learning_rate",
        "beta1",
        "beta2",
        "coeff",
        "end_factor",
        "end_learning_rate",
        "end_lr",
        "epsilon",
        "eta_min",
        "exp_gamma",
        "gamma",
        "initial_accumulator_value",
        "learning_rate",
        "max_learning_rate",
        "momentum",
        "phase_pct",
        "rescale_grad",
        "rho",
        "start_lr",
    ]
)
"""Below zero, Paddle refuses them, or the model is trained away from the teacher."""
UP_TO_ONE = frozenset({"start_factor", "end_factor", "phase_pct"})
BELOW_ONE = frozenset({"beta1", "beta2"})
DECAYING = frozenset({"StepDecay", "MultiStepDecay", "ExponentialDecay"})
"""Schedules whose ``gamma`` has to be below 1."""
EXPONENTIAL = frozenset({"ExponentialDecay", "NaturalExpDecay"})
"""Schedules whose ``gamma`` has to be above 0."""
CHOICES = {
    "mode": ("triangular", "triangular2", "exp_range"),
    "scale_mode": ("cycle", "iterations"),
    "anneal_strategy": ("cos", "linear"),
}
"""The ranges and words that Paddle checks, by argument."""
NULLS = frozenset({"step_size_down", "min", "rescale_grad"})
NO_NULLS = frozenset({"auto_skip_clip", *CHOICES})
"""Numbers that may be null; truth values and texts that may not. Otherwise null is not a number,
and it is as good as false or as no text."""

BUILDER_KEYS = ("optimizer", "weight_decay", "regularizer", "grad_clip")
"""The keys of ``optimizer_builder`` that ACT reads; it ignores others without a message."""

PLACES: dict[tuple[str, ...], dict[str, PaddleClass]] = {
    ("TrainConfig", "learning_rate"): SCHEDULES,
    ("TrainConfig", "optimizer_builder", "optimizer"): OPTIMIZERS,
    ("TrainConfig", "optimizer_builder", "regularizer"): REGULARIZERS,
    ("TrainConfig", "optimizer_builder", "grad_clip"): CLIPS,
}
"""Where a recipe names a class under ``type``."""


def takes_null(key: str, kind: Kind) -> bool:
    """Whether Paddle takes null for an argument that has a default."""
    return key in NULLS or (kind in ("truth", "text", "object", "any") and key not in NO_NULLS)


def usable(classes: dict[str, PaddleClass]) -> Iterable[str]:
    """The names of the classes that ACT can use."""
    return (name for name, described in classes.items() if described.refused is None)
