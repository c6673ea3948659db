"""Worker for tests: what is read of training data that draws from the process's own generators."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from compress.suites.base import TrainingData
from compress.workers.data import suite_batches

SAMPLES, BATCH = 12, 4


class Jittered:
    """Images that hold their index, and noise from both generators that the suites draw from."""

    def __len__(self) -> int:
        return SAMPLES

    def __getitem__(self, index: int) -> Any:
        noise = [index, random.random(), np.random.random()]
        return np.broadcast_to(np.array(noise, np.float32)[:, None, None], (3, 2, 2))


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``seed``, ``ahead``: so many further threads that read ahead → ``passes``: of two passes the
    samples (index and both draws) of each batch.
    """
    data = TrainingData(Jittered(), BATCH, lambda chosen: {"image": np.stack(chosen)})
    loader = suite_batches(data, ["x"], request["seed"]).loader
    passes = [[np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()] for _ in "ab"]
    others = [iter(loader) for _ in range(request["ahead"])]
    again = [np.asarray(batch["x"])[:, :, 0, 0].tolist() for batch in loader()]
    del others
    return {"passes": passes, "again": again}
