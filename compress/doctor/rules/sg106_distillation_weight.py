"""A distillation weight that ACT cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.values import decimal


def check(subject: Subject) -> Iterator[Problem]:
    """``alpha`` that is an integer, or zero."""
    where = ("Distillation", "alpha")
    alpha = (subject.section("Distillation") or {}).get("alpha")
    if alpha == 0 and not isinstance(alpha, bool):
        yield Problem("alpha: 0 does not switch distillation off: ACT reads it as 1.0", where)
        return
    for slip in subject.recipe.slips:
        if slip.where == where and slip.kind == "form":
            number = decimal(slip.meant)
            edits = edits_of(subject.recipe.replace(where, number))
            yield Problem(f"ACT asserts that alpha is a float; write {number}", where, edits)


RULE = Rule(
    code="SG106",
    name="distillation-weight",
    severity="error",
    stage="text",
    title="A distillation weight that ACT cannot take",
    why=(
        "`alpha: 1` trips a bare `assert isinstance(distill_lambda, float)`, and `alpha: 0` "
        "becomes 1.0 (`config.get('alpha') or 1.0`): it does not switch distillation off."
    ),
    remedy="Write a float such as `1.0`. `slimgate lint --fix` adds the point.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n  node: [conv_1]\n"
            "  alpha: 1\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n  node: [conv_1]\n"
            "  alpha: 1.0\n"
        ),
    ),
)
