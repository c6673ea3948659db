"""Reads batches of training data in a worker."""

from pathlib import Path

import pytest

from compress.worker.start import Workplace
from tests.workers import run_worker

ROOT = str(Path(__file__).parents[3])


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("batches"), {"PYTHONPATH": ROOT})

    def call(seed=0, ahead=0, from_end=False, **request):
        request |= {"seed": seed, "ahead": ahead, "from_end": from_end}
        answer, _ = run_worker(
            "tests.workers.batches", "batches", request, workplace=place, timeout_s=100
        )
        return answer

    return call
