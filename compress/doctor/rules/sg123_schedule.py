"""A learning-rate schedule that Paddle cannot build, or that does not do what its lists say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.class_arguments import check_class
from compress.recipes.act import PRUNES
from compress.recipes.paddle_classes import SCHEDULES

WHERE = ("TrainConfig", "learning_rate")
POSITIVE = ("T_max", "T_0", "step_size", "decay_steps", "warmup_steps", "total_steps")
BELOW_ONE = {"StepDecay", "MultiStepDecay", "ExponentialDecay"}
"""Their ``gamma`` has to be below 1."""


def check(subject: Subject) -> Iterator[Problem]:
    """Class, arguments, and lists of ``TrainConfig.learning_rate``."""
    rate = (subject.section("TrainConfig") or {}).get("learning_rate")
    if not isinstance(rate, dict):
        return
    filled = ("T_max",) if _filled_by_script(subject.recipe.data) else ()
    yield from check_class(subject, WHERE, rate, SCHEDULES, filled)
    yield from _bounds(rate)
    if rate.get("type") == "PiecewiseDecay":
        yield from _pieces(rate)
    yield from _beyond(subject, rate)
    yield from _second_pace(subject, rate)


def _filled_by_script(data: dict[str, Any]) -> bool:
    """Whether the recipe is for one of PaddleSlim's examples that compute ``T_max``: image
    classification (``image_classification/run.py``) or OCR (``ocr/run.py``).
    """
    suite = data.get("Global")
    keys = suite.keys() if isinstance(suite, dict) else set()
    classifies = "batch_size" in keys and not keys.isdisjoint({"data_dir", "input_name"})
    return classifies or {"Train", "Eval"} <= data.keys()


def _bounds(rate: dict[str, Any]) -> Iterator[Problem]:
    for key in POSITIVE:
        if _is_number(rate.get(key)) and rate[key] <= 0:
            yield Problem(f"{key} has to be greater than 0, not {rate[key]}", (*WHERE, key))
    for key in ("learning_rate", "base_learning_rate", "max_learning_rate"):
        if _is_number(rate.get(key)) and rate[key] < 0:
            yield Problem(f"{key} has to be 0 or greater, not {rate[key]}", (*WHERE, key))
    if rate.get("type") in BELOW_ONE and _is_number(rate.get("gamma")) and rate["gamma"] >= 1:
        yield Problem(f"gamma has to be below 1, not {rate['gamma']}", (*WHERE, "gamma"))


def _pieces(rate: dict[str, Any]) -> Iterator[Problem]:
    """``get_lr`` takes the value of the first boundary that lies ahead, and the last value after
    all of them.
    """
    boundaries, values = rate.get("boundaries"), rate.get("values")
    if not isinstance(boundaries, list) or not isinstance(values, list):
        return
    needed = len(boundaries) + 1
    if not boundaries:
        yield Problem("boundaries is empty, which Paddle refuses", (*WHERE, "boundaries"))
    elif len(values) != needed:
        effect = (
            "Paddle refuses the list"
            if len(values) < needed
            else f"the rate jumps from {values[needed - 2]} to the last value, {values[-1]}"
        )
        yield Problem(
            f"{len(boundaries)} boundaries need {needed} values, not {len(values)}: {effect}",
            (*WHERE, "values"),
        )
    if all(map(_is_number, boundaries)) and boundaries != sorted(set(boundaries)):
        yield Problem("boundaries have to rise: others are skipped", (*WHERE, "boundaries"))


def _beyond(subject: Subject, rate: dict[str, Any]) -> Iterator[Problem]:
    total, steps = (subject.section("TrainConfig") or {}).get("train_iter"), rate.get("total_steps")
    if rate.get("type") == "OneCycleLR" and _is_number(total) and _is_number(steps):
        if total > steps:
            yield Problem(
                f"OneCycleLR ends after {steps} steps and fails at the next one, but training has "
                f"{total}",
                (*WHERE, "total_steps"),
            )


def _second_pace(subject: Subject, rate: dict[str, Any]) -> Iterator[Problem]:
    """``_get_final_train_config`` scales ``learning_rate``, or else ``values``."""
    data = subject.recipe.data
    quantises = "QuantAware" in data or "QuantPost" in data
    if quantises and any(name in data for name in PRUNES):
        if "learning_rate" not in rate and "values" not in rate and rate.get("type"):
            yield Problem(
                f"ACT slows {rate['type']} down after the prune by its learning_rate or values, "
                "and it has neither: KeyError",
                WHERE,
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


RULE = Rule(
    code="SG123",
    name="schedule",
    severity="error",
    stage="text",
    title="A learning-rate schedule that Paddle cannot build",
    why=(
        "ACT calls `getattr(paddle.optimizer.lr, type)(**others)` after it has loaded the model "
        "and built the programs: a wrong class is an AttributeError, a missing or unknown argument "
        "a TypeError, and neither names the recipe. `PiecewiseDecay` with too many values fails "
        "nowhere: after the last boundary it takes the last value and skips those between."
    ),
    remedy="Correct the class or its arguments; the message names the valid ones.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 2000\n  learning_rate:\n"
            "    type: PiecewiseDecays\n    boundaries: [1000]\n    values: [0.001, 0.0001]\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 2000\n  learning_rate:\n"
            "    type: PiecewiseDecay\n    boundaries: [1000]\n    values: [0.001, 0.0001]\n"
        ),
    ),
)
