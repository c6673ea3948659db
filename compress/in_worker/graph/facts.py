"""Reads the doctor's facts of an exported program. Workers only."""

from __future__ import annotations

from collections import Counter

from compress.doctor.facts import GraphFacts
from compress.in_worker.graph.program import Program, parameters
from compress.in_worker.graph.repair import integer_weights, vector_products


def read_graph_facts(loaded: Program, layers: dict[str, str]) -> GraphFacts:
    """The facts of a loaded program, with the suite's names of its parameters."""
    block = loaded.program.global_block()
    candidates = tuple(loaded.distillation_nodes())
    return GraphFacts(
        ops=Counter(op.type for op in block.ops),
        variables=tuple(sorted(loaded.names())),
        candidates=candidates,
        candidate_shapes={name: tuple(block.var(name).shape) for name in candidates},
        feeds={name: spec.shape for name, spec in loaded.feed_specs().items()},
        weights=sum(values.size for _, values in parameters(loaded)),
        layers=layers,
        integer_weights=tuple(integer_weights(loaded)),
        vector_products=tuple(vector_products(loaded)),
    )
