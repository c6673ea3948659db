"""A distillation weight that ACT cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of


def check(subject: Subject) -> Iterator[Problem]:
    """``alpha`` that is an integer, or zero."""
    alpha = (subject.section("Distillation") or {}).get("alpha")
    where = ("Distillation", "alpha")
    if isinstance(alpha, bool) or not isinstance(alpha, (int, float)):
        return
    if alpha == 0:
        yield Problem("alpha: 0 does not switch distillation off: ACT reads it as 1.0", where)
    elif isinstance(alpha, int):
        edits = edits_of(subject.recipe.replace(where, f"{alpha}.0"))
        yield Problem(f"ACT asserts that alpha is a float; write {alpha}.0", where, edits)


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
