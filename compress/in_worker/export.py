"""Worker: exports a model config to an inference model."""

from __future__ import annotations

from compress.artifacts.record import Made
from compress.in_worker.graph.canonical import canonicalise
from compress.in_worker.graph.exporting import install
from compress.in_worker.graph.facts import read_graph_facts
from compress.in_worker.graph.program import load_program
from compress.in_worker.layers import align_layers
from compress.in_worker.suite import enter_suite, write_config
from compress.worker.requests import ExportRequest


def handle(request: ExportRequest) -> Made:
    """Writes ``model.pdmodel``, ``model.pdiparams`` and ``layers.json`` to ``request.out``; returns
    the facts of its graph.
    """
    driver = enter_suite(request.suite)
    install()
    config = write_config(request.resolved, driver.constructible())
    remarks = driver.export(config, request.weights, request.shape, request.output_op, request.out)
    canonicalise(request.out / "model.pdmodel")
    loaded = load_program(request.out)
    facts = read_graph_facts(loaded, align_layers(request.out, loaded.names()))
    return Made(remarks=tuple(remarks), graph=facts)
