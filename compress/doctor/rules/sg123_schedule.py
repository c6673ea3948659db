"""A learning-rate schedule that Paddle cannot build, or that does not do what its lists say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.class_arguments import check_class
from compress.recipes.act import PRUNES
from compress.recipes.paddle_classes import SCHEDULES
from compress.recipes.values import number

WHERE = ("TrainConfig", "learning_rate")


def check(subject: Subject) -> Iterator[Problem]:
    """Class, arguments, and lists of ``TrainConfig.learning_rate``."""
    rate = (subject.section("TrainConfig") or {}).get("learning_rate")
    if not isinstance(rate, dict):
        return
    filled = ("T_max",) if _filled_by_script(subject.recipe.data) else ()
    yield from check_class(subject, WHERE, rate, SCHEDULES, filled)
    yield from _order(rate)
    if rate.get("type") == "PiecewiseDecay":
        yield from _pieces(rate)
    yield from _phases(rate)
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


def _order(rate: dict[str, Any]) -> Iterator[Problem]:
    """Arguments that have to rise."""
    start, end, milestones = (rate.get(key) for key in ("start_lr", "end_lr", "milestones"))
    first, last = number(start), number(end)
    warms = rate.get("type") == "LinearWarmup"
    if warms and first is not None and last is not None and last <= first:
        yield Problem(f"end_lr {end} has to be greater than start_lr {start}", (*WHERE, "end_lr"))
    if isinstance(milestones, list) and not _rises(milestones):
        yield Problem("milestones have to rise, or Paddle refuses them", (*WHERE, "milestones"))


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
    below = [value for value in values if (number(value) or 0) < 0]
    if below:
        yield Problem(
            f"a rate of {below[0]} trains away from the teacher; values should be 0 or greater",
            (*WHERE, "values"),
        )
    if not _rises(boundaries):
        yield Problem("boundaries have to rise: others are skipped", (*WHERE, "boundaries"))


def _phases(rate: dict[str, Any]) -> Iterator[Problem]:
    """``OneCycleLR`` asserts that two of three phases fit."""
    share = number(rate.get("phase_pct"))
    thrice = rate.get("type") == "OneCycleLR" and rate.get("three_phase") is True
    if thrice and share is not None and 0.5 <= share <= 1:
        yield Problem(
            f"phase_pct should be below 0.5 with three_phase, not {share}: the first two phases "
            "take it each",
            (*WHERE, "phase_pct"),
        )


def _beyond(subject: Subject, rate: dict[str, Any]) -> Iterator[Problem]:
    """``OneCycleLR.get_lr`` raises an error after its last step."""
    iterations = number((subject.section("TrainConfig") or {}).get("train_iter"))
    steps = number(rate.get("total_steps")) if rate.get("type") == "OneCycleLR" else None
    if iterations is not None and steps is not None and iterations > steps:
        yield Problem(
            f"OneCycleLR ends after {steps:g} steps and fails at the next one, but training has "
            f"{iterations:g}",
            (*WHERE, "total_steps"),
        )


def _second_pace(subject: Subject, rate: dict[str, Any]) -> Iterator[Problem]:
    """``_get_final_train_config`` scales ``learning_rate``, or else ``values``."""
    data = subject.recipe.data
    quantises = "QuantAware" in data or "QuantPost" in data
    scaled = "learning_rate" in rate or "values" in rate
    if quantises and not scaled and rate.get("type") and any(name in data for name in PRUNES):
        yield Problem(
            f"ACT slows {rate['type']} down after the prune by its learning_rate or values, and it "
            "has neither: KeyError",
            WHERE,
        )


def _rises(values: list[Any]) -> bool:
    """Whether numbers rise; lists with anything else are not judged."""
    return any(number(value) is None for value in values) or values == sorted(set(values))


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
