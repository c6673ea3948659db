"""Worker: says what is in an exported program."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from compress.graph.effects import quantised_op_types
from compress.graph.facts import read_graph_facts
from compress.graph.program import load_program
from compress.suites.layers import read_layers


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``model`` → ``nodes`` (candidates for distillation, with shapes), ``feeds``, ``ops``,
    ``quantised`` (op types whose inputs carry quantisation ops), ``facts`` (GraphFacts).
    """
    loaded = load_program(Path(request["model"]))
    block = loaded.program.global_block()
    return {
        "nodes": [[name, list(block.var(name).shape)] for name in loaded.distillation_nodes()],
        "feeds": {name: list(spec.shape) for name, spec in loaded.feed_specs().items()},
        "ops": Counter(op.type for op in block.ops),
        "quantised": quantised_op_types(loaded),
        "facts": read_graph_facts(loaded, read_layers(Path(request["model"]))).model_dump(),
    }
