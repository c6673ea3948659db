"""Distillation lists whose lengths do not match."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import DISTILLATIONS


def check(subject: Subject) -> Iterator[Problem]:
    """Groups of nodes need one loss and one weight each; a flat list needs a single one of both.
    Several teachers always have groups (SG130).
    """
    for name in DISTILLATIONS:
        section = subject.section(name) or {}
        nodes = section.get("node") or []
        grouped = bool(nodes) and isinstance(nodes[0], list)
        if name == "MultiTeacherDistillation" and not grouped:
            continue
        for key in ("loss", "alpha"):
            value = section.get(key)
            if value is None:
                if grouped:
                    yield Problem(
                        f"{name}.node has groups, so {key} must be a list", (name, "node")
                    )
            elif isinstance(value, list) != grouped:
                form = "a list, one for each group of nodes" if grouped else "a single value"
                yield Problem(f"{name}.{key} must be {form}", (name, key))
            elif grouped and len(value) != len(nodes):
                yield Problem(
                    f"{name}.{key} must have {len(nodes)} values, one for each group of nodes",
                    (name, key),
                )


RULE = Rule(
    code="SG111",
    name="lengths-differ",
    severity="error",
    stage="text",
    title="Distillation lists whose lengths do not match",
    why=(
        "`_parse_distill_loss` asserts `len(distill_node_pair) == len(distill_loss)` without a "
        "message, after the teacher was merged into the program."
    ),
    remedy="Give one loss and one alpha for each group of nodes, or a flat list with one of each.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  node: [[a], [b]]\n"
            "  loss: [l2]\n  alpha: [1.0, 0.5]\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  node: [[a], [b]]\n"
            "  loss: [l2, l2]\n  alpha: [1.0, 0.5]\n"
        ),
    ),
)
