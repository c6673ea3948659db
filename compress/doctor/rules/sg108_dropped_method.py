"""A method that ACT drops without a message."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import DISTILLATIONS, PRUNES


def check(subject: Subject) -> Iterator[Problem]:
    """Training without a teacher; a search without ``QuantPost``, or one beside ``QuantAware``."""
    data = subject.recipe.data
    taught = any(name in data for name in DISTILLATIONS) or "TaskLoss" in data
    for name in (*PRUNES, "QuantAware"):
        if name in data and not taught:
            yield Problem(f"ACT drops {name} unless the recipe also has Distillation", (name,))
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
            "ACT drops QuantAware and its Distillation beside HyperParameterOptimization",
            ("QuantAware",),
        )


RULE = Rule(
    code="SG108",
    name="dropped-method",
    severity="error",
    stage="text",
    title="A method that ACT drops without a message",
    why=(
        "ACT trains only with a teacher: it leaves `QuantAware` or a prune without `Distillation`"
        " out of the list of strategies. If nothing remains, `compress()` fails with a bare "
        "assertion; otherwise the result lacks what the recipe asks for."
    ),
    remedy=(
        "Add a `Distillation` section; without `teacher_model_dir` the model is its own teacher. "
        "slimgate itself adds it when it runs such a recipe, and reports that."
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
