"""Worker: runs a model over labelled images and writes raw predictions, without scoring them; for
segmentation, it also counts the areas of each image.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bench.in_worker.engine import LoadedModel, load_model
from bench.metrics.segmentation import areas_of
from bench.requests import AccuracyRequest, Predicted
from compress.in_worker.data import by_feed_name
from compress.in_worker.suite import enter_suite, write_config
from compress.suites.driver import Sample, Validation

EXCLUSIONS = {"training": ": the evaluation set contains every training image"}
MAX_PREDICTION_BYTES = 2**28
"""Label maps are stored for pictures, up to this size in memory."""


def handle(request: AccuracyRequest) -> Predicted:
    """Writes predictions and their index to ``request.out``, in the form of the suite's task.

    Raises ValueError if the split has no image.
    """
    driver = enter_suite(request.suite)
    resolved = write_config(request.resolved, driver.constructible())
    validation = driver.validation(resolved, request.limit, request.split)
    if not len(validation):
        raise ValueError(
            f"the {request.split} split has no labelled image" + EXCLUSIONS.get(request.split, "")
        )
    model = load_model(request.engine)
    write = {"segmentation": _write_segmentation, "detection": _write_detection}
    predictions = ((sample, predict(model, validation, sample)) for sample in validation)
    return Predicted(images=write[validation.task](validation, predictions, request.out))


def predict(model: LoadedModel, validation: Validation, sample: Sample) -> Any:
    """The decoded prediction of one sample."""
    return validation.predict(lambda feeds: model.run(by_feed_name(feeds, model.feeds())), sample)


def _write_segmentation(
    validation: Validation, predictions: Iterable[tuple[Sample, Any]], out: Path
) -> int:
    """Counts areas image by image; stores label maps only up to a limit."""
    facts = validation.description()
    classes, ignored = facts["num_classes"], facts["ignore_index"]
    areas, images, maps, maps_bytes = [], [], {}, 0
    for number, (sample, labels) in enumerate(predictions):
        areas.append(areas_of(labels, sample.truth, classes, ignored))
        images.append([_absolute(sample.image_path), _absolute(sample.context[1])])
        label_map = labels.astype(np.uint8 if classes <= 255 else np.int16)
        maps_bytes += label_map.nbytes
        if maps_bytes <= MAX_PREDICTION_BYTES:
            maps[str(number)] = label_map
    np.savez_compressed(out / "areas.npz", areas=np.stack(areas))
    np.savez_compressed(out / "predictions.npz", **maps)
    return _write_index(out, {"task": "segmentation", "images": images, **facts})


def _write_detection(
    validation: Validation, predictions: Iterable[tuple[Sample, Any]], out: Path
) -> int:
    results, images = [], []
    for sample, detections in predictions:
        results += detections
        images.append([_absolute(sample.image_path), sample.truth])
    (out / "detections.json").write_text(json.dumps(results))
    facts = validation.description()
    return _write_index(out, {"task": "detection", "images": images, **facts})


def _absolute(path: str) -> str:
    return str(Path(path).resolve())


def _write_index(out: Path, index: dict[str, Any]) -> int:
    """Returns the number of images."""
    (out / "index.json").write_text(json.dumps(index))
    return len(index["images"])
