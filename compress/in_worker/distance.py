"""Worker: measures the distance between the outputs of a compressed model and its original."""

from __future__ import annotations

from typing import Any

import numpy as np

from compress.in_worker.data import Drawing, batches_for
from compress.in_worker.graph.program import executor_for, load_program
from compress.in_worker.suite import enter_suite
from compress.worker.requests import Distance, DistanceRequest

BATCHES = 8


def handle(request: DistanceRequest) -> Distance:
    """Root mean square of the difference at the last layers with weights, each divided by the root
    mean square of the original; the mean over these layers and eight batches. Zero means equal.

    Final outputs are unsuitable: those of detectors are sorted and cut off. The batches are the
    last of the pass whose first batches calibrate. Raises ValueError if no layer is shared.
    """
    import paddle

    driver = enter_suite(request.suite, request.seed)
    before_scope, after_scope = paddle.static.Scope(), paddle.static.Scope()
    with paddle.static.scope_guard(before_scope):
        before = load_program(request.before)
        nodes = before.distillation_nodes()
    with paddle.static.scope_guard(after_scope):
        after = load_program(request.after)
    nodes = [name for name in nodes if name in after.names()]
    if not nodes:
        raise ValueError("the two models have no layer in common")
    specs = before.feed_specs()
    drawing = Drawing(request.seed, from_end=True)
    batches = batches_for(request.data_config, request.shape, driver, specs, drawing)
    distances = []
    for number, batch in enumerate(batches.loader()):
        if number == BATCHES:
            break
        feed = batch[0] if isinstance(batch, (list, tuple)) else batch
        with paddle.static.scope_guard(before_scope):
            expected = executor_for(before).run(before.program, feed=feed, fetch_list=nodes)
        with paddle.static.scope_guard(after_scope):
            actual = executor_for(after).run(after.program, feed=feed, fetch_list=nodes)
        distances += [_distance(a, b) for a, b in zip(expected, actual, strict=True)]
    return Distance(distance=float(np.mean(distances)))


def _distance(expected: Any, actual: Any) -> float:
    scale = float(np.sqrt(np.mean(np.square(expected)))) or 1.0
    return float(np.sqrt(np.mean(np.square(expected - actual)))) / scale
