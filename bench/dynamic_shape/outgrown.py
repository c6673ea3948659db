"""Runs a model outside of the ranges that its TensorRT engines were built for."""

from __future__ import annotations

from bench.deployment import Deployment
from bench.engines.calls import Call, ShapeRanges, call
from bench.requests import Outgrew, OutgrowRequest
from compress.sandbox.access import Access
from compress.worker.start import run_worker
from compress.workshop import Workshop

TUNED = "enable_tuned_tensorrt_dynamic_shape"


def rebuilds(model: Deployment, shape: tuple[int, ...], workshop: Workshop) -> bool:
    """Whether Paddle rebuilds the engines for images of ``shape`` (N, C, H, W), which lies outside
    of the model's ranges, when it is allowed to as in the suites' scripts. Raises JobFailure.
    """
    assert model.shape_ranges is not None
    configured = model.configured(workshop.threads)
    engine = configured.model_copy(update={"calls": tuple(map(allow_building, configured.calls))})
    answer, _ = run_worker(
        "bench.in_worker.outgrow",
        "rebuild",
        OutgrowRequest(engine=engine, shapes=(model.shape, shape)),
        Outgrew,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(model.places, gpu=model.on_gpu),
    )
    return answer.rewritten


def allow_building(made: Call) -> Call:
    """The call, with ``allow_build_at_runtime`` where it gives TensorRT the ranges of shapes."""
    return call(TUNED, ShapeRanges(), True) if made.method == TUNED else made
