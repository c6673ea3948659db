"""An exported model is run over an image as the suite's evaluation runs a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from compress.worker.start import Workplace
from tests.workers import run_worker

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[5])
WINDOW = {"is_slide": True, "crop_size": [8, 6], "stride": [4, 3]}


def labels(tmp_path, test, output="scores"):
    request = {"test": test, "output": output}
    place = Workplace(tmp_path, {"OMP_NUM_THREADS": "1", "PYTHONPATH": ROOT})
    return run_worker("tests.workers.passes", "accuracy", request, workplace=place, timeout_s=120)[
        0
    ]


@pytest.mark.parametrize(
    "test",
    [
        {},
        {"aug_eval": True, "scales": 0.5},
        {"aug_eval": True, "scales": [0.5, 1.0, 1.5], "flip_horizontal": True},
        {"aug_eval": True, "flip_vertical": True, "flip_horizontal": True, "scales": 1.0},
        WINDOW,
        {"aug_eval": True, "scales": 2.0, **WINDOW},
    ],
)
def test_labels_are_those_of_the_suites_own_evaluation(tmp_path, test):
    answer = labels(tmp_path, test)
    assert answer["own"] == answer["suite"]
    assert len({label for row in answer["own"] for label in row}) > 1


def test_labels_of_another_scale_are_those_of_the_nearest_pixel(tmp_path):
    own = labels(tmp_path, {"aug_eval": True, "scales": 0.5}, "labels")["own"]
    assert (len(own), len(own[0])) == (10, 14)
    pairs = [own[y][x] == own[y + 1][x + 1] for y in range(0, 10, 2) for x in range(0, 14, 2)]
    assert all(pairs)


@pytest.mark.parametrize(
    ("output", "test", "error"),
    [
        ("small", {"aug_eval": True, "scales": 0.5}, "yield outputs of (3, 4)"),
        ("small", WINDOW, "yield outputs of (3, 4)"),
        ("labels", WINDOW, "averages scores, and the model yields labels"),
    ],
)
def test_a_model_that_cannot_be_run_so_is_an_error_in_words(tmp_path, output, test, error):
    assert error in labels(tmp_path, test, output)["error"]
