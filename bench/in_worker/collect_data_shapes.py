"""Worker: records the shapes of all tensors while a model is evaluated on some images."""

from __future__ import annotations

from bench.in_worker.accuracy import predict
from bench.in_worker.collect_shapes import collecting
from bench.requests import Collected, DataShapesRequest
from compress.in_worker.suite import enter_suite, write_config


def handle(request: DataShapesRequest) -> Collected:
    """Reads each image and runs the model on it as the suite's evaluation does."""
    driver = enter_suite(request.suite)
    reader = driver.image_reader(write_config(request.resolved, driver.constructible()))
    with collecting(request.model, request.out) as model:
        for number, image in enumerate(request.images):
            predict(model, reader, reader.read(number, image))
    return Collected()
