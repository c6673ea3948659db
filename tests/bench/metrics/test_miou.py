"""Mean intersection over union from what an accuracy worker left."""

import numpy as np
import pytest

from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from bench.metrics.miou import MAX_ARRAY_BYTES
from bench.stats import score
from compress.suites.dialect import Scoring
from core.errors import JobFailure

AREAS = np.array([[[5, 1], [10, 2], [5, 2]]])


@pytest.fixture
def scored(tmp_path):
    np.savez(tmp_path / "areas.npz", areas=AREAS)
    np.savez(tmp_path / "predictions.npz")

    def run():
        labelled = LabelledData(tmp_path, None)
        return find_metric("miou").score(tmp_path, labelled, Scoring("miou", "val_dataset"))

    return run


def test_areas_are_scored(scored):
    statistics = scored()
    assert (statistics.metric, statistics.images) == ("mIoU", 1)
    assert score(statistics) == pytest.approx((5 / 10 + 1 / 3) / 2)


@pytest.mark.parametrize("name", ["areas.npz", "predictions.npz"])
def test_arrays_that_unpack_to_too_much_are_not_read(scored, tmp_path, monkeypatch, name):
    np.savez_compressed(tmp_path / name, areas=np.zeros(10_000, np.int64))
    monkeypatch.setattr("bench.metrics.miou.MAX_ARRAY_BYTES", 50_000)
    assert MAX_ARRAY_BYTES == 2**30
    with pytest.raises(JobFailure, match=f"{name} is larger"):
        scored()


def test_pickles_are_not_read(scored, tmp_path):
    np.savez(tmp_path / "areas.npz", areas=np.array([print], object))
    with pytest.raises(JobFailure, match=r"malformed predictions.*allow_pickle"):
        scored()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b"no archive"),
        lambda file: np.savez(file, other=AREAS),
        lambda file: np.savez(file, areas=AREAS * 1.5),
    ],
)
def test_malformed_areas_are_a_failure_of_the_worker(scored, tmp_path, spoil):
    spoil(tmp_path / "areas.npz")
    with pytest.raises(JobFailure, match="malformed predictions") as caught:
        scored()
    assert (caught.value.stage, caught.value.kind) == ("accuracy", "error")
