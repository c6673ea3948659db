"""An optimizer that Paddle cannot build, or whose settings ACT ignores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.class_arguments import check_class
from compress.recipes.paddle_classes import (
    BUILDER_KEYS,
    CLIPS,
    OPTIMIZERS,
    PASSED,
    REGULARIZERS,
)
from compress.recipes.values import number

WHERE = ("TrainConfig", "optimizer_builder")
CLASSES = {"optimizer": OPTIMIZERS, "regularizer": REGULARIZERS, "grad_clip": CLIPS}


def check(subject: Subject) -> Iterator[Problem]:
    """``optimizer_builder`` with its optimizer, regularizer and gradient clip."""
    builder = (subject.section("TrainConfig") or {}).get("optimizer_builder")
    if not isinstance(builder, dict):
        return
    if "optimizer" not in builder:
        yield Problem("optimizer_builder needs optimizer: {type: SGD}", WHERE)
    for key, classes in CLASSES.items():
        if key in builder and not isinstance(builder[key], dict):
            message = (
                f"{key} has to be a table such as {key}: {{type: {_first(key, builder[key])}}}"
            )
            yield Problem(f"{message}, not {builder[key]!r}", (*WHERE, key))
        elif key in builder:
            table = {k: v for k, v in builder[key].items() if k not in PASSED}
            yield from check_class(subject, (*WHERE, key), table, classes)
    yield from _passed_twice(builder)
    yield from _decay(builder)
    yield from _clip(builder.get("grad_clip"))
    for key in builder:
        if key not in BUILDER_KEYS:
            valid = ", ".join(BUILDER_KEYS)
            yield Problem(
                f"ACT ignores {key!r} in optimizer_builder; it reads {valid}", (*WHERE, key)
            )


def _first(key: str, written: Any) -> str:
    names = CLASSES[key]
    if isinstance(written, str) and written in names:
        return written
    return "SGD" if key == "optimizer" else next(iter(names))


def _passed_twice(builder: dict[str, Any]) -> Iterator[Problem]:
    optimizer = builder.get("optimizer")
    table: dict[str, Any] = optimizer if isinstance(optimizer, dict) else {}
    for key in PASSED:
        if key in table:
            home = "TrainConfig" if key == "learning_rate" else "optimizer_builder"
            yield Problem(
                f"ACT passes {key} itself, and twice is a TypeError; {key} belongs to {home}",
                (*WHERE, "optimizer", key),
            )


def _decay(builder: dict[str, Any]) -> Iterator[Problem]:
    """``weight_decay`` is a float or nothing; ``AdamW`` takes no regularizer and needs it."""
    decay, optimizer = builder.get("weight_decay"), builder.get("optimizer")
    if decay is not None and not isinstance(decay, float):
        yield Problem(
            f"weight_decay should be a number with a point, not {decay!r}", (*WHERE, "weight_decay")
        )
    elif decay is not None and decay < 0:
        yield Problem(
            f"weight_decay of {decay} makes weights grow; it should be 0 or greater",
            (*WHERE, "weight_decay"),
        )
    kind = optimizer.get("type") if isinstance(optimizer, dict) else None
    if kind == "AdamW" and "regularizer" in builder:
        yield Problem("AdamW takes weight_decay and no regularizer", (*WHERE, "regularizer"))
    elif kind == "AdamW" and decay is None:
        yield Problem(
            "AdamW needs weight_decay: ACT passes null where the recipe has none, and AdamW "
            "refuses it",
            WHERE,
        )
    elif "regularizer" in builder and decay is not None:
        yield Problem("ACT ignores weight_decay beside regularizer", (*WHERE, "weight_decay"))


def _clip(table: Any) -> Iterator[Problem]:
    """``ClipGradByValue``: without ``min``, it clips to ``-max``."""
    if not isinstance(table, dict) or table.get("type") != "ClipGradByValue":
        return
    least, greatest = number(table.get("min")), number(table.get("max"))
    if greatest is None:
        return
    if table.get("min") is None and greatest <= 0:
        yield Problem(
            f"max of ClipGradByValue should be greater than 0 without min, not {greatest}",
            (*WHERE, "grad_clip", "max"),
        )
    elif least is not None and least > greatest:
        yield Problem(
            f"min of ClipGradByValue should not be greater than max, {greatest}, as {least} is",
            (*WHERE, "grad_clip", "min"),
        )


RULE = Rule(
    code="SG124",
    name="optimizer",
    severity="error",
    stage="text",
    title="An optimizer that Paddle cannot build",
    why=(
        "ACT calls `getattr(paddle.optimizer, type)` with the learning rate, the gradient clip, "
        "the weight decay and the other keys of `optimizer`, after it has loaded the model and "
        "built the programs. A wrong class or argument ends there, in an error that does not name "
        "the recipe; other keys of `optimizer_builder` are ignored without a message. `Lamb` and "
        "`LBFGS` can never work there, and `AdamW` needs `weight_decay`."
    ),
    remedy="Correct the class or its arguments; the message names the valid ones.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 2000\n  learning_rate: 0.001\n  optimizer_builder:\n"
            "    optimizer:\n      type: Sgd\n    weight_decay: 0.0001\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 2000\n  learning_rate: 0.001\n  optimizer_builder:\n"
            "    optimizer:\n      type: SGD\n    weight_decay: 0.0001\n"
        ),
    ),
)
