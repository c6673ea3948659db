"""A section that ACT does not know."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.slips import meant_sections


def check(subject: Subject) -> Iterator[Problem]:
    """Every top-level key that is not a section but was one, or looks like one."""
    for slip in subject.recipe.slips:
        if slip.kind == "section":
            edits = edits_of(subject.recipe.rename(slip.where, slip.meant))
            yield Problem(_message(slip.written, slip.meant), slip.where, edits)
    for name in subject.recipe.data:
        meant = meant_sections(name, subject.recipe.data)
        if meant:
            yield Problem(_message(name, " or ".join(meant)), (name,))


def _message(name: str, meant: str) -> str:
    return f"ACT does not know the section {name!r} and ignores it; did you mean {meant}?"


RULE = Rule(
    code="SG101",
    name="unknown-section",
    severity="error",
    stage="text",
    title="A section that ACT does not know",
    why=(
        "ACT reads the sections that it knows and ignores the others without a message. A "
        "mistyped `QuantAwares` leaves a recipe without a method; ACT then chooses a strategy "
        "itself, tries to `pip install smac` for that while it runs, and compresses differently "
        "from what the recipe asks for."
    ),
    remedy=(
        "Correct the name. `slimgate lint --fix` does so for names of earlier releases and for "
        "slips of one or two letters."
    ),
    check=check,
    example=Example(
        bad="QuantAwares:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
