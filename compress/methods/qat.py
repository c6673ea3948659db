"""Quantisation-aware training with distillation from the uncompressed model (ACT)."""

from __future__ import annotations

from typing import Any

from compress.methods.act import run_act
from compress.methods.base import CompressionJob


class QuantAware:
    """ACT's ``QuantAware`` + ``Distillation``; distillation is added where a recipe lacks it,
    since ACT drops a ``QuantAware`` that stands alone without a word.
    """

    def compress(self, job: CompressionJob) -> list[str]:
        sections = dict(job.sections)
        remarks = []
        if "Distillation" not in sections:
            sections["Distillation"] = {"loss": "l2", "alpha": 1.0}
            remarks.append("Distillation added: ACT ignores QuantAware without it")
        missing = missing_nodes(sections["Distillation"], job.variables)
        if missing:
            sections["Distillation"] = {**sections["Distillation"], "node": []}
            remarks.append(
                f"distillation node {missing[0]!r} is not in this export; "
                "the last layers with weights are used instead"
            )
        run_act(job, sections)
        return remarks


def missing_nodes(distillation: dict[str, Any], variables: set[str]) -> list[str]:
    """Nodes that the recipe names and the program lacks; nested lists are groups of nodes."""
    named = distillation.get("node") or []
    flat = [n for group in named for n in (group if isinstance(group, list) else [group])]
    return [node for node in flat if node.removeprefix("teacher_") not in variables]


METHOD = QuantAware()
