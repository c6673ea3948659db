"""Worker for tests: what is read of training data that draws from the process's own generators."""

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
    """``do: judge`` → ``from_end`` of the batches that a search's trials are judged on. Else:
    ``seed``, ``from_end``, ``ahead``: so many further threads that read ahead → ``passes``: of two
    passes the samples (index and both draws) of each batch.
    """
    if request.get("do") == "judge":
        return {"from_end": _end_of_judging()}
    data = TrainingData(Jittered(), BATCH, lambda chosen: {"image": np.stack(chosen)})
    how = Drawing(request["seed"], request["from_end"])
    loader = suite_batches(data, ["x"], how).loader
    passes = [[np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()] for _ in "ab"]
    others = [iter(loader) for _ in range(request["ahead"])]
    again = [np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()]
    del others
    return {"passes": passes, "again": again}


def _end_of_judging() -> bool:
    """Whether ``output_distance`` is measured on the last batches of a pass."""
    seen: list[bool] = []

    class Seen(Exception):
        pass

    def stop(*given: Any) -> Any:
        seen.append(given[-1].from_end)
        raise Seen

    distance.batches_for = stop
    exported = methods.handle({"do": "export"})["model"]
    asked = {"before": exported, "after": exported, "data_config": None, "shape": methods.SHAPE}
    request = DistanceRequest.model_validate({**asked, "suite": methods.SUITE, "seed": 0})
    with suppress(Seen):
        distance.handle(request)
    return seen[0]
