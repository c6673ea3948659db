"""Unstructured sparsity by ratio, by threshold and gradually."""

import pytest

from core.errors import JobFailure
from tests.compress.conftest import TRAIN


@pytest.mark.parametrize(
    ("section", "least"),
    [
        ({"prune_mode": "ratio", "ratio": 0.5}, 0.19),  # of the 1x1 convolutions
        ({"prune_mode": "ratio", "ratio": 0.5, "prune_params_type": None}, 0.4),
        ({"prune_mode": "threshold", "threshold": 0.1}, 0.05),
        ({"prune_strategy": "gmp", "ratio": 0.5, "prune_params_type": None}, 0.4),
    ],
)
def test_sparsity_is_there_at_the_end(bench, section, least):
    training = {**TRAIN, "train_iter": 40 if "prune_strategy" in section else 3}
    (made,) = bench.compress({"UnstructurePrune": section, "TrainConfig": training})
    assert made["effects"]["zeros"][1] > least


def test_gradual_pruning_needs_time(bench):
    with pytest.raises(JobFailure, match="at least 19 iterations"):
        bench.compress({"UnstructurePrune": {"prune_strategy": "gmp"}})
