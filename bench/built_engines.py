"""Engines that a library builds for a model: built once, before anything is measured.

TensorRT picks kernels by timing them, so that two builds of a model may differ. The engines that
are proven are those that are timed, and scored unless the store has the accuracy; no process that
is timed has built any.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.deployment import Deployment
from bench.requests import BuildRequest, Built
from compress.sandbox.access import Access
from compress.worker.start import run_worker
from compress.workshop import Workshop

MODULE, STAGE = "bench.in_worker.latency", "build"


def with_engines(model: Deployment, folder: Path, workshop: Workshop) -> Deployment:
    """The model with its engines, which are written into ``folder``; as it is if it needs none.
    Raises JobFailure.

    The folder is the model's own: Paddle's key of an engine leaves out the weights, so that in a
    shared one it takes one model for another.
    """
    if not model.target.engine.builds_for_shapes:
        return model
    folder.mkdir(parents=True)
    run_worker(
        MODULE,
        STAGE,
        BuildRequest(engine=model.configured(workshop.threads), shape=model.shape, out=folder),
        Built,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(model.places, (folder,), gpu=model.on_gpu),
    )
    return replace(model, engines=folder)
