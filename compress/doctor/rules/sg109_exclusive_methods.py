"""Methods that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import DISTILLATIONS, PRUNES


def check(subject: Subject) -> Iterator[Problem]:
    """Two kinds of distillation; two ways to quantise; a teacher where nothing is trained."""
    sections = subject.recipe.data.keys()
    if set(DISTILLATIONS) <= sections:
        yield Problem("two kinds of distillation exclude each other", ("MultiTeacherDistillation",))
    if {"QuantAware", "QuantPost"} <= sections and "HyperParameterOptimization" not in sections:
        yield Problem(
            "QuantAware and QuantPost exclude each other: ACT quantises the quantised model again "
            "and crashes",
            ("QuantPost",),
        )
    trains = sections & {*PRUNES, "QuantAware"}
    if "QuantPost" in sections and sections & set(DISTILLATIONS) and not trains:
        teacher = next(name for name in DISTILLATIONS if name in sections)
        yield Problem(f"{teacher} is useless beside QuantPost, which does not train", (teacher,))


RULE = Rule(
    code="SG109",
    name="exclusive-methods",
    severity="error",
    stage="text",
    title="Methods that exclude each other",
    why=(
        "ACT refuses both kinds of distillation at once, and with `QuantPost` beside `QuantAware`"
        " it quantises an already quantised model, which segfaults. `Distillation` beside "
        "`QuantPost` starts a separate training that nobody asked for."
    ),
    remedy="Keep one of them. To prune and then quantise, put a prune beside `QuantPost`.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\nQuantPost:\n"
            "  batch_nums: 10\n"
        ),
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
