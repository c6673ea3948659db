"""Worker for tests: ``bench.in_worker.accuracy`` on a data set of numbers, without suite or model.

``task``; ``classes``; ``images``: of each its path, feed, truth and the path of its labels;
``split``; ``limit``; ``out``. The model answers with its feed, which is the prediction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.in_worker import accuracy
from bench.requests import AccuracyRequest, Predicted
from compress.suites.driver import Run, Sample, spread

SUITE = {"dialect": "paddleseg", "code": None, "data_dir": "data", "data": None}
IGNORED = 255


class Echo:
    """A model that answers with what it is fed."""

    def feeds(self) -> list[str]:
        return ["x"]

    def run(self, feeds: dict[str, Any]) -> list[Any]:
        return [feeds["x"]]


@dataclass
class Images:
    """Both a suite's driver and its validation."""

    request: dict[str, Any]
    task: str = ""
    limit: int | None = None

    def validation(self, config: Path, limit: int | None, split: str) -> Images:
        assert config.read_text().startswith("model")
        return Images(self.request, self.request["task"], limit)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __iter__(self) -> Iterator[Sample]:
        images = self.request["images"]
        for number in spread(len(images), self.limit):
            path, feed, truth, labels = images[number]
            truth = np.asarray(truth) if self.task == "segmentation" else truth
            yield Sample(path, {"image": np.asarray(feed)}, truth, ((8, 8), labels))

    def predict(self, run: Run, sample: Sample) -> Any:
        outputs = run(sample.feeds)
        if self.task == "segmentation":
            return outputs[0]
        boxes = outputs[0].reshape(-1, 4).tolist()
        return [{"image_id": sample.truth, "category_id": 0, "bbox": b, "score": 1} for b in boxes]

    def description(self) -> dict[str, Any]:
        if self.task == "segmentation":
            return {"num_classes": self.request["classes"], "ignore_index": IGNORED}
        return {"annotations": "val.json"}


def handle(request: dict[str, Any]) -> Predicted:
    """The answer of the accuracy worker."""
    accuracy.enter_suite = lambda suite: Images(request)
    accuracy.load_model = lambda engine: Echo()
    accuracy.MAX_PREDICTION_BYTES = request.get("most_bytes", 2**28)
    asked = {
        "suite": SUITE,
        "engine": {"model": "m", "calls": []},
        "resolved": {"model": {}},
        "split": request.get("split", "evaluation"),
        "limit": request.get("limit"),
        "out": request["out"],
    }
    return accuracy.handle(AccuracyRequest.model_validate(asked))
