"""Worker: exports a model config to an inference model."""

from __future__ import annotations

from compress.artifacts.record import Made
from compress.in_worker.graph.canonical import canonicalise
from compress.in_worker.graph.exporting import install
from compress.in_worker.graph.facts import read_graph_facts
from compress.in_worker.graph.program import load_program
from compress.in_worker.layers import align_layers
from compress.in_worker.suite import enter_suite, write_config
from compress.in_worker.trained import Filling
from compress.suites import find_suite
from compress.worker.requests import ExportRequest


def handle(request: ExportRequest) -> Made:
    """Writes ``model.pdmodel``, ``model.pdiparams`` and ``layers.json`` to ``request.out``; returns
    the facts of its graph, and whether the weights fit.
    """
    driver = enter_suite(request.suite)
    install()
    config = write_config(request.resolved, driver.constructible())
    fill = Filling(request.weights, request.out)
    remarks = driver.export(config, fill, request.shape, request.output_op, request.out)
    canonicalise(request.out / "model.pdmodel")
    loaded = load_program(request.out)
    layers = align_layers(request.out, loaded.names())
    fit = fill.judge(loaded, layers, find_suite(request.suite.dialect).training_parts)
    facts = read_graph_facts(loaded, layers)
    return Made(
        remarks=(*remarks, *filter(None, [fit.remark])), graph=facts, weights_misfit=fit.problem
    )
