"""Worker: runs a model over images and writes raw predictions; it sees no labels."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.in_worker.engine import load_model
from bench.in_worker.loaded import LoadedModel
from bench.requests import AccuracyRequest, Predicted
from compress.in_worker.data import by_feed_name
from compress.in_worker.suite import enter_suite, write_config
from compress.suites.driver import ImageReader, Sample

MAPS, DETECTIONS = "maps", "detections.json"
"""As ``bench.metrics.miou`` and ``bench.metrics.boxes`` read them."""


def handle(request: AccuracyRequest) -> Predicted:
    """Writes the prediction for each image to ``request.out``, in the form of the suite's task."""
    driver = enter_suite(request.suite)
    reader = driver.image_reader(write_config(request.resolved, driver.constructible()))
    model = load_model(request.engine)
    samples = (reader.read(number, image) for number, image in enumerate(request.images))
    predictions = (predict(model, reader, sample) for sample in samples)
    if reader.task == "segmentation":
        _write_maps(predictions, request.out)
    else:
        _write_boxes(predictions, request.out)
    return Predicted(images=len(request.images))


def predict(model: LoadedModel, reader: ImageReader, sample: Sample) -> Any:
    """The decoded prediction of one sample."""
    return reader.predict(lambda feeds: model.run(by_feed_name(feeds, model.feeds())), sample)


def _write_maps(predictions: Iterable[npt.NDArray[np.int64]], out: Path) -> None:
    """Each map without loss: its size and its labels by rows, a byte each if all fit, else two."""
    (out / MAPS).mkdir()
    for number, labels in enumerate(predictions):
        kind = np.dtype("u1" if labels.max(initial=0) < 256 else "<u2")
        size = np.array(labels.shape, "<u4").tobytes()
        packed = zlib.compress(size + np.ascontiguousarray(labels, kind).tobytes(), 1)
        (out / MAPS / f"{number}.z").write_bytes(packed)


def _write_boxes(predictions: Iterable[list[dict[str, Any]]], out: Path) -> None:
    boxes = [box for detections in predictions for box in detections]
    (out / DETECTIONS).write_text(json.dumps(boxes))
