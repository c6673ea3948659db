"""Worker for tests: reads training data whose augmentation draws from the process's generators."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import numpy as np

from compress.in_worker import distance
from compress.in_worker.data import Drawing, suite_batches
from compress.suites.driver import TrainingData
from compress.worker.requests import DistanceRequest
from tests.workers import methods

SAMPLES, BATCH = 12, 4


class Jittered:
    """Images that hold their index, and noise from both generators that the suites draw from."""

    def __len__(self) -> int:
        return SAMPLES

    def __getitem__(self, index: int) -> Any:
        noise = [index, random.random(), np.random.random()]
        return np.broadcast_to(np.array(noise, np.float32)[:, None, None], (3, 2, 2))


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``do: judge`` → ``from_end`` of the batches on which the trials of a search are judged.
    Otherwise ``seed``, ``from_end`` and ``ahead``, the number of further threads that read ahead →
    ``passes``: the samples (index and both draws) of each batch of two passes; ``again``: those of
    the pass after all threads have started.
    """
    if request.get("do") == "judge":
        return {"from_end": _end_of_judging()}
    data = TrainingData(Jittered(), BATCH, lambda images: {"image": np.stack(images)})
    drawing = Drawing(request["seed"], request["from_end"])
    loader = suite_batches(data, ["x"], drawing).loader
    passes = [[np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()] for _ in "ab"]
    readers = [iter(loader) for _ in range(request["ahead"])]
    again = [np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()]
    del readers
    return {"passes": passes, "again": again}


def _end_of_judging() -> bool:
    """Whether the distance is measured on the last batches of a pass."""
    calls: list[bool] = []

    class Called(Exception):
        pass

    def stop(*arguments: Any) -> Any:
        calls.append(arguments[-1].from_end)
        raise Called

    distance.batches_for = stop
    exported = methods.handle({"do": "export"})["model"]
    content = {"before": exported, "after": exported, "data_config": None, "shape": methods.SHAPE}
    request = DistanceRequest.model_validate({**content, "suite": methods.SUITE, "seed": 0})
    with suppress(Called):
        distance.handle(request)
    return calls[0]
