"""A key that its section does not take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.act import SECTIONS

RENAMED = {
    ("QuantPost", "bias_correct"): "bias_correction",
    ("QuantPost", "ptq_algo"): "algo",
    ("QuantPost", "batch_num"): "batch_nums",
    ("HyperParameterOptimization", "bias_correction"): "bias_correct",
    ("HyperParameterOptimization", "algo"): "ptq_algo",
    ("HyperParameterOptimization", "batch_nums"): "batch_num",
}
"""Two sections spell the same thing differently, and tutorials mix them up."""


def check(subject: Subject) -> Iterator[Problem]:
    """Every key that is not a field of its section."""
    for name, section in SECTIONS.items():
        if section.model_config.get("extra") == "allow":
            continue
        fields = section.model_fields
        for key in subject.section(name) or {}:
            if key in fields:
                continue
            close = difflib.get_close_matches(key, fields, n=1)
            meant = RENAMED.get((name, key)) or next(iter(close), None)
            hint = f"; did you mean {meant}?" if meant else f"; valid keys are {', '.join(fields)}"
            free = meant is not None and meant not in (subject.section(name) or {})
            edits = edits_of(subject.recipe.rename((name, key), meant)) if free and meant else ()
            yield Problem(f"{name} has no key {key!r}{hint}", (name, key), edits)


RULE = Rule(
    code="SG102",
    name="unknown-key",
    severity="error",
    stage="text",
    title="A key that its section does not take",
    why=(
        "ACT passes a section's keys to a constructor: an unknown key is a TypeError that names "
        "neither the file nor the section. `QuantPost` calls `bias_correction` what "
        "`HyperParameterOptimization` calls `bias_correct`, and the tutorial confuses the two."
    ),
    remedy="Correct the key; `slimgate lint --fix` does so where the meaning is clear.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  bias_correct: true\n",
        good="QuantPost:\n  batch_nums: 10\n  bias_correction: true\n",
    ),
)
