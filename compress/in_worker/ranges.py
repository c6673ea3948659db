"""Worker: says which ops of a quantised model TensorRT can run in int8."""

from __future__ import annotations

from compress.in_worker.graph.ranges import find_ranges
from compress.worker.requests import Ranges, RangesRequest


def handle(request: RangesRequest) -> Ranges:
    """Applies Paddle's own passes; runs nothing."""
    import paddle

    paddle.enable_static()
    return find_ranges(request.model)
