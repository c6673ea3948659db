"""Distillation lists whose lengths do not match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import DISTILLATIONS


def check(subject: Subject) -> Iterator[Problem]:
    """Groups of nodes need one loss and one weight each; a flat list needs a single one of both.
    Several teachers always have groups (SG130); another form is left to the schema.
    """
    for name in DISTILLATIONS:
        section = subject.section(name) or {}
        written = section.get("node")
        nodes = [] if written is None else written
        if not isinstance(nodes, list):
            continue
        grouped = bool(nodes) and isinstance(nodes[0], list)
        if name == "MultiTeacherDistillation" and not grouped:
            continue
        for key in ("loss", "alpha"):
            yield from _list(name, key, section.get(key), len(nodes) if grouped else None)


def _list(name: str, key: str, value: Any, groups: int | None) -> Iterator[Problem]:
    """``groups``: the number of groups of nodes; None for a flat list."""
    if value is None:
        if groups is not None:
            yield Problem(f"{name}.node has groups, so {key} must be a list", (name, "node"))
    elif isinstance(value, list) != (groups is not None):
        form = "a list, one for each group of nodes" if groups is not None else "a single value"
        yield Problem(f"{name}.{key} must be {form}", (name, key))
    elif groups is not None and len(value) != groups:
        yield Problem(
            f"{name}.{key} must have {groups} values, one for each group of nodes", (name, key)
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
