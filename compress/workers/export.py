"""Worker: exports a model config to an inference model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compress.graph.canonical import canonicalise
from compress.graph.exporting import install
from compress.graph.facts import read_graph_facts
from compress.graph.program import load_program
from compress.suites.layers import align_layers
from compress.workers.suite import enter_suite, write_config


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``resolved``, ``weights``, ``shape``, ``output_op``, ``out`` → files there; ``remarks``,
    ``graph`` (GraphFacts).
    """
    driver = enter_suite(request)
    install()
    weights = Path(request["weights"]) if request["weights"] else None
    remarks = driver.export(
        write_config(request["resolved"]),
        weights,
        request["shape"],
        request["output_op"],
        Path(request["out"]),
    )
    out = Path(request["out"])
    canonicalise(out / "model.pdmodel")
    loaded = load_program(out)
    facts = read_graph_facts(loaded, align_layers(out, loaded.names()))
    return {"remarks": remarks, "graph": facts.model_dump()}
