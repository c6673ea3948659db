"""Channel pruning with distillation: removes whole channels of convolutions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compress.artifacts.record import Made, with_remarks
from compress.in_worker.graph.program import load_program
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil
from compress.in_worker.training.nodes import flat_nodes
from compress.in_worker.training.parameters import require_known
from compress.methods.channel_prune.in_worker.removable import (
    describe_obstacles,
    find_obstacles,
    plain_convolutions,
)


class ChannelPruning:
    """ACT's ``ChannelPrune`` + ``Distillation``, for convolutions whose channels can be removed.

    For a recipe without parameter names, ACT prunes every convolution: also the last ones, whose
    outputs are compared with the teacher's; with ``bn_scale`` also those without a batch norm,
    which raises an IndexError; and those whose channels a reshape or softmax takes to another axis,
    which ends in "can only be pruned at channel axis" (PP-YOLOE).
    """

    def compress(self, job: CompressionJob) -> Made:
        require_known(job, "ChannelPrune")
        section, remarks = _removable(job, dict(job.sections["ChannelPrune"]))
        made = distil(replace(job, sections={**job.sections, "ChannelPrune": section}))
        return with_remarks(made, remarks)


METHOD = ChannelPruning()


def _removable(job: CompressionJob, section: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The section for the convolutions that can be pruned, with remarks on the others; raises
    ValueError if there is none. ACT gives ratios to filters in the program's order, whatever the
    order of their names.
    """
    loaded = load_program(job.model)
    block = loaded.program.global_block()
    names = list(section.get("prune_params_name") or plain_convolutions(block))
    ratios = _ratios(section, names)
    nodes = flat_nodes(job.sections.get("Distillation", {}))
    targets = [n for n in nodes if n in job.variables] or loaded.distillation_nodes()
    by_scale = section.get("criterion") == "bn_scale"
    obstacles = find_obstacles(loaded.program, names, set(targets), normalised=by_scale)
    remarks = describe_obstacles(obstacles, job.layers)
    chosen = {name: ratios[name] for name in block.vars if not obstacles.get(name, "unlisted")}
    if not chosen:
        reasons = "; ".join(remarks)
        raise ValueError(
            f"ChannelPrune: this model has no convolution whose channels can be removed: {reasons}"
        )
    pruned = {"prune_params_name": list(chosen), "pruned_ratio": list(chosen.values())}
    return {**section, **pruned}, remarks


def _ratios(section: dict[str, Any], names: list[str]) -> dict[str, float]:
    """The ratio of each filter; raises ValueError for another number of ratios."""
    ratio = section["pruned_ratio"]
    if isinstance(ratio, float):
        return dict.fromkeys(names, ratio)
    if "prune_params_name" not in section:
        raise ValueError("ChannelPrune.pruned_ratio: a list of ratios needs prune_params_name, too")
    if len(ratio) != len(names):
        raise ValueError(
            f"ChannelPrune.pruned_ratio: {len(ratio)} ratios for {len(names)} parameters"
        )
    return dict(zip(names, ratio, strict=True))
