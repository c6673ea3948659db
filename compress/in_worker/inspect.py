"""Worker: describes an exported program."""

from __future__ import annotations

from collections import Counter

from compress.in_worker.graph.effects import quantised_op_types
from compress.in_worker.graph.facts import read_graph_facts
from compress.in_worker.graph.program import load_program
from compress.in_worker.layers import read_layers
from compress.worker.requests import Inspection, InspectRequest


def handle(request: InspectRequest) -> Inspection:
    """Reads the program and its parameters; runs nothing."""
    loaded = load_program(request.model)
    block = loaded.program.global_block()
    return Inspection(
        nodes=tuple((name, tuple(block.var(name).shape)) for name in loaded.distillation_nodes()),
        feeds={name: tuple(spec.shape) for name, spec in loaded.feed_specs().items()},
        ops=dict(Counter(op.type for op in block.ops)),
        quantised=tuple(quantised_op_types(loaded)),
        facts=read_graph_facts(loaded, read_layers(request.model)),
    )
