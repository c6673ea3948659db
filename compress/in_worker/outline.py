"""Worker: exports a model config and reads the program as an outline."""

from __future__ import annotations

from pathlib import Path

from compress.in_worker.graph.exporting import install
from compress.in_worker.graph.outlining import read_outline
from compress.in_worker.graph.program import load_program
from compress.in_worker.layers import align_layers, write_layers
from compress.in_worker.named_weights import name_weights
from compress.in_worker.suite import enter_suite, write_config
from compress.programs.outline import Outline
from compress.worker.requests import OutlineRequest

EXPORTED = Path("exported")
"""In the worker's own folder, which is removed with it."""


def handle(request: OutlineRequest) -> Outline:
    """The outline of the program that a config is exported to, with weights by their names."""
    driver = enter_suite(request.suite)
    install()
    EXPORTED.mkdir(exist_ok=True)

    def fill(model: object) -> None:
        write_layers(model, EXPORTED)
        name_weights(model)

    config = write_config(request.resolved, driver.constructible())
    driver.export(config, fill, request.shape, request.output_op, EXPORTED)
    loaded = load_program(EXPORTED)
    return read_outline(loaded, align_layers(EXPORTED, loaded.names()))
