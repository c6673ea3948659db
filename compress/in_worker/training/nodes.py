"""Distillation nodes: those of the recipe if the export has them, otherwise ACT's defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compress.in_worker.method import CompressionJob

GROUPED = ("node", "loss", "alpha")
"""Keys whose lists correspond: without the nodes, the others have no meaning."""


def with_known_nodes(job: CompressionJob) -> tuple[CompressionJob, tuple[str, ...]]:
    """The job, without distillation nodes if its model lacks any of them, and remarks on that. A
    teacher that is another model has nodes of its own, which are not looked for.
    """
    distillation = job.sections.get("Distillation")
    if distillation is None:
        return job, ()
    own_teacher = "teacher_model_dir" not in distillation
    missing = [
        node
        for node in flat_nodes(distillation)
        if (own_teacher or not node.startswith("teacher_"))
        and node.removeprefix("teacher_") not in job.variables
    ]
    if not missing:
        return job, ()
    unnamed = {key: value for key, value in distillation.items() if key not in GROUPED}
    remark = (
        f"distillation node {missing[0]!r} is not in this export; "
        "the last layers with weights are used instead"
    )
    return replace(job, sections={**job.sections, "Distillation": unnamed}), (remark,)


def flat_nodes(distillation: dict[str, Any]) -> list[str]:
    """The nodes of a Distillation section; nested lists are groups of nodes."""
    nodes = distillation.get("node") or []
    return [n for group in nodes for n in (group if isinstance(group, list) else [group])]
