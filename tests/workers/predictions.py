"""Worker for tests: ``bench.in_worker.accuracy`` on images of numbers, without suite or model.

``task``; ``feeds``: of each image what the model is fed; ``out``. The model answers with its feed,
which is the prediction.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.in_worker import accuracy
from bench.requests import AccuracyRequest, Predicted
from compress.suites.driver import Run, Sample

SUITE = {"dialect": "paddleseg", "code": None, "data_dir": "data", "data": None}


class Echo:
    """A model that answers with what it is fed."""

    def feeds(self) -> list[str]:
        return ["x"]

    def run(self, feeds: dict[str, Any]) -> list[Any]:
        return [feeds["x"]]


@dataclass
class Images:
    """Both a suite's driver and its reader of images."""

    request: dict[str, Any]

    @property
    def task(self) -> str:
        return str(self.request["task"])

    def constructible(self) -> frozenset[str]:
        return frozenset()

    def image_reader(self, config: Path) -> Images:
        assert "model" in config.read_text()
        return self

    def read(self, number: int, image: Path) -> Sample:
        assert image.name == f"{number}.jpg"
        return Sample({"image": np.asarray(self.request["feeds"][number])}, number, None)

    def predict(self, run: Run, sample: Sample) -> Any:
        (output,) = run(sample.feeds)
        if self.task == "segmentation":
            return output
        boxes = output.reshape(-1, 4).tolist()
        return [{"image_id": sample.number, "category_id": 0, "bbox": b, "score": 1} for b in boxes]


def handle(request: dict[str, Any]) -> Predicted:
    """The answer of the accuracy worker."""
    accuracy.enter_suite = lambda suite: Images(request)
    accuracy.load_model = lambda engine: Echo()
    content = {
        "suite": SUITE,
        "engine": {"model": "m", "calls": []},
        "resolved": {"model": {}},
        "images": [f"{number}.jpg" for number in range(len(request["feeds"]))],
        "out": request["out"],
    }
    return accuracy.handle(AccuracyRequest.model_validate(content))
