"""Channel pruning with distillation: removes whole channels of convolutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from compress.artifacts.record import Made
from compress.in_worker.graph.program import load_program
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil
from compress.in_worker.training.nodes import flat_nodes
from compress.in_worker.training.parameters import require_known


class ChannelPruning:
    """ACT's ``ChannelPrune`` + ``Distillation``.

    For a recipe without parameter names, ACT prunes every convolution: also the last ones, whose
    outputs are compared with the teacher's, and with ``bn_scale`` also those without a batch norm,
    which raises an IndexError.
    """

    def compress(self, job: CompressionJob) -> Made:
        require_known(job, "ChannelPrune")
        section = dict(job.sections["ChannelPrune"])
        if "prune_params_name" not in section:
            if not isinstance(section["pruned_ratio"], float):
                raise ValueError(
                    "ChannelPrune.pruned_ratio: a list of ratios needs prune_params_name, too"
                )
            program = load_program(job.model)
            nodes = flat_nodes(job.sections.get("Distillation", {}))
            targets = [n for n in nodes if n in job.variables] or program.distillation_nodes()
            by_scale = section.get("criterion") == "bn_scale"
            section["prune_params_name"] = sorted(
                prunable(program.program.global_block(), set(targets), normalised=by_scale)
            )
            if not section["prune_params_name"]:
                raise ValueError(
                    "ChannelPrune: this model has no convolution whose channels can be removed"
                )
        return distil(replace(job, sections={**job.sections, "ChannelPrune": section}))


def prunable(block: Any, boundary: set[str], *, normalised: bool) -> Iterator[str]:
    """Weights of plain convolutions, except those that reach a variable in ``boundary`` without
    another convolution in between; with ``normalised``, only those directly before a batch norm.
    """
    producers = {name: op for op in block.ops for name in op.output_arg_names}
    consumers: dict[str, list[Any]] = {}
    for op in block.ops:
        for name in op.input_arg_names:
            consumers.setdefault(name, []).append(op)
    last = _convolutions_above(boundary, producers)
    for op in block.ops:
        if op.type != "conv2d" or op.attr("groups") != 1 or op.input("Filter")[0] in last:
            continue
        readers = consumers.get(op.output("Output")[0], [])
        if not normalised or [reader.type for reader in readers] == ["batch_norm"]:
            yield op.input("Filter")[0]


def _convolutions_above(names: set[str], producers: dict[str, Any]) -> set[str]:
    """Weights of the first convolutions on each path upwards from the variables."""
    weights, waiting, visited = set(), list(names), set(names)
    while waiting:
        op = producers.get(waiting.pop())
        if op is None:
            continue
        if op.type in ("conv2d", "depthwise_conv2d", "conv2d_transpose"):
            weights.add(op.input("Filter")[0])
            continue
        for name in op.input_arg_names:
            if name not in visited:
                visited.add(name)
                waiting.append(name)
    return weights


METHOD = ChannelPruning()
