"""A file that cannot be read as YAML. The reader reports it, before any rule runs."""

from __future__ import annotations

from compress.doctor.rule import Example, Rule, found_by_reader

RULE = Rule(
    code="SG100",
    name="not-yaml",
    severity="error",
    stage="text",
    title="A file that cannot be read as YAML",
    why=(
        "The suites and PaddleSlim read YAML with loaders that execute code: `!!python/object` in"
        " a stranger's recipe is a program. slimgate refuses such tags and documents that expand "
        "without bound, as well as plain syntax errors."
    ),
    remedy="Correct the place that the message names; write plain values.",
    check=found_by_reader,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n algo: avg\n",
        good="QuantPost:\n  batch_nums: 10\n  algo: avg\n",
    ),
)
