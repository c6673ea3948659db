"""Gradual pruning that does something else than the recipe says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg122_wrong_level import misplaced
from compress.recipes.values import number

SECTION = "UnstructurePrune"
RATIO = 0.55
"""ACT's default of ``ratio``."""
SHARE, LEAST, ENOUGH, PACE = 0.45, 30, 1000, 10
"""ACT's own schedule: 45 % of the iterations for either part, 30 at least; in a hundred steps if
that is more than a thousand, else in a single one. A step needs more than ten iterations."""


def check(subject: Subject) -> Iterator[Problem]:
    """``prune_strategy: gmp`` against its mode, its schedule and the length of the training."""
    section = subject.section(SECTION) or {}
    schedule = section.get("gmp_config")
    if section.get("prune_strategy") != "gmp":
        if schedule is not None:
            message = "ACT ignores gmp_config unless prune_strategy is gmp"
            yield Problem(message, (SECTION, "gmp_config"))
        return
    if section.get("prune_mode") == "threshold":
        ratio = section.get("ratio", RATIO)
        yield Problem(
            f"gmp prunes by ratio and ignores prune_mode and threshold: to a ratio of {ratio}",
            (SECTION, "prune_mode"),
        )
    training = subject.section("TrainConfig") or {}
    iterations, epochs = training.get("train_iter"), training.get("epochs")
    total = iterations if isinstance(iterations, int) else None
    if isinstance(schedule, dict):
        yield from _given(schedule, total)
        yield from _back(number(schedule.get("initial_ratio")), section.get("ratio", RATIO))
    elif schedule is None and not misplaced(subject, SECTION, "gmp_config") and not epochs:
        yield from _acts_own(section, total)


def _given(schedule: dict[str, Any], total: int | None) -> Iterator[Problem]:
    stable, pruning, steps = (
        number(schedule.get(key))
        for key in ("stable_iterations", "pruning_iterations", "pruning_steps")
    )
    where = (SECTION, "gmp_config", "pruning_iterations")
    if pruning is not None and steps and pruning / steps <= PACE:
        yield Problem(
            f"{steps:g} pruning_steps need more than {steps * PACE:g} pruning_iterations, not "
            f"{pruning:g}: PaddleSlim asserts more than {PACE} for a step",
            where,
        )
    elif total and pruning is not None and total < (stable or 0) + pruning:
        yield Problem(
            f"the ratio is reached after {(stable or 0) + pruning:g} iterations, but training "
            f"ends after {total}: the model stays denser than the recipe says",
            where,
        )


def _back(initial: float | None, ratio: Any) -> Iterator[Problem]:
    """Masks keep what is zero, so that a falling ratio frees nothing."""
    target = number(ratio)
    if initial is not None and target is not None and initial > target:
        yield Problem(
            f"initial_ratio {initial:g} is above ratio {target:g}, but zeros stay zeros: the model "
            "ends sparser than the recipe says; start lower",
            (SECTION, "gmp_config", "initial_ratio"),
        )


def _acts_own(section: dict[str, Any], total: int | None) -> Iterator[Problem]:
    """ACT counts in epochs, if there are any, or else in iterations."""
    if total is None:
        yield Problem(
            "without gmp_config ACT makes a schedule from epochs or train_iter of TrainConfig and "
            "ends in a RuntimeError without either; add one of them",
            (SECTION, "prune_strategy"),
        )
        return
    part = max(SHARE * total, LEAST)
    if SHARE * total > ENOUGH:
        return
    effect = (
        f"after {part:.0f} iterations the ratio jumps from 0.15 to {section.get('ratio', RATIO)}"
        if part < total
        else f"they end before the {part:.0f} iterations that it takes to reach the ratio"
    )
    yield Problem(
        f"without gmp_config ACT prunes {total} iterations in a single step, not gradually: "
        f"{effect}; slimgate makes a schedule that fits",
        (SECTION, "prune_strategy"),
    )


RULE = Rule(
    code="SG126",
    name="gradual-pruning",
    severity="warning",
    stage="text",
    title="Gradual pruning that does something else than the recipe says",
    why=(
        "PaddleSlim's `GMPUnstructuredPruner` takes a ratio only: `prune_mode: threshold` and "
        "`threshold` are ignored without a message, and the model is pruned to `ratio`, 0.55 by "
        "default. Its schedule counts iterations; a training that ends before leaves the model "
        "denser, and a schedule with ten iterations or fewer for a step stops it. Weights that are "
        "zero once stay zero."
    ),
    remedy="Prune by ratio, with a `gmp_config` that fits the number of iterations.",
    check=check,
    example=Example(
        bad=(
            "UnstructurePrune:\n  prune_strategy: gmp\n  prune_mode: threshold\n  threshold: 0.01\n"
            "Distillation:\n  loss: l2\n"
        ),
        good=(
            "UnstructurePrune:\n  prune_mode: threshold\n  threshold: 0.01\n"
            "Distillation:\n  loss: l2\n"
        ),
    ),
)
