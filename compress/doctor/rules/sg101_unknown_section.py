"""A section that ACT does not know."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.act import meant_sections


def check(subject: Subject) -> Iterator[Problem]:
    """Every top-level key that is not a section but looks like one."""
    for name in subject.recipe.data:
        meant = meant_sections(name)
        if not meant:
            continue
        hint = " or ".join(meant)
        clear = len(meant) == 1 and meant[0] not in subject.recipe.data
        edits = edits_of(subject.recipe.rename((name,), meant[0])) if clear else ()
        message = f"ACT does not know the section {name!r} and ignores it; did you mean {hint}?"
        yield Problem(message, (name,), edits)


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
    remedy="Correct the name; `slimgate lint --fix` does so where the meaning is clear.",
    check=check,
    example=Example(
        bad="QuantAwares:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
