"""A method that ACT drops without a word."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import DISTILLATIONS, PRUNES

DEFAULT = "Distillation:\n  loss: l2\n  alpha: 1.0"


def check(subject: Subject) -> Iterator[Problem]:
    """Training without a teacher, and a search that has nothing to search or drowns the rest."""
    data = subject.recipe.data
    taught = any(name in data for name in DISTILLATIONS) or "TaskLoss" in data
    for name in (*PRUNES, "QuantAware"):
        if name in data and not taught:
            edit = subject.recipe.append_section(DEFAULT)
            yield Problem(
                f"ACT drops {name} unless Distillation stands beside it", (name,), (edit,)
            )
            taught = True
    if "HyperParameterOptimization" not in data:
        return
    if "QuantPost" not in data:
        yield Problem(
            "ACT drops HyperParameterOptimization without QuantPost, whose settings it searches",
            ("HyperParameterOptimization",),
        )
    elif "QuantAware" in data:
        yield Problem(
            "beside HyperParameterOptimization ACT drops QuantAware and its Distillation",
            ("QuantAware",),
        )


RULE = Rule(
    code="SG108",
    name="dropped-method",
    severity="error",
    stage="text",
    title="A method that ACT drops without a word",
    why=(
        "ACT trains only with a teacher: `QuantAware` or a prune without `Distillation` is "
        "left out of the list of strategies. If nothing remains, `compress()` dies of an "
        "assertion without a message; otherwise the model comes out without what was asked "
        "for."
    ),
    remedy=(
        "Add a `Distillation` section (`slimgate lint --fix` adds one with the model as its own "
        "teacher). slimgate itself adds it when it runs such a recipe, and says so."
    ),
    check=check,
    example=Example(
        bad="QuantAware:\n  weight_bits: 8\nTrainConfig:\n  train_iter: 100\n",
        good=(
            "QuantAware:\n  weight_bits: 8\nTrainConfig:\n  train_iter: 100\n"
            "Distillation:\n  loss: l2\n  alpha: 1.0\n"
        ),
    ),
)
