"""Mean intersection over union, from label maps that a worker predicts and labels of our own."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from bench.metrics.miou import read_map
from bench.stats import score
from compress.suites import find_dialect
from core.errors import JobFailure

SIZE = np.array([2, 3], "<u4").tobytes()
TRUTH = np.array([[0, 0, 1], [1, 255, 1]], np.uint8)


@pytest.fixture
def scored(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.jpg")
    Image.fromarray(TRUTH).save(tmp_path / "a.png")
    (tmp_path / "val.txt").write_text("a.jpg a.png\n")
    (tmp_path / "maps").mkdir()
    file = tmp_path / "maps" / "0.z"

    def run(content, counting=(), **section):
        file.write_bytes(content)
        dataset = {"type": "Dataset", "mode": "val", "num_classes": 2, **section}
        scoring = find_dialect("paddleseg").scoring({"val_dataset": dataset}, "evaluation")
        scoring = replace(scoring, settings={**scoring.settings, **dict(counting)})
        labelled = LabelledData(tmp_path, tmp_path / "val.txt", scoring)
        metric = find_metric("miou")
        return metric.score(tmp_path, metric.images(labelled), labelled)

    return run


@pytest.mark.parametrize("kind", ["u1", "<u2"])
def test_maps_of_one_or_two_bytes_a_pixel_are_scored(scored, kind):
    labels = np.array([[0, 1, 1], [1, 0, 300 if kind == "<u2" else 9]], kind)
    statistics = scored(zlib.compress(SIZE + labels.tobytes()))
    assert (statistics.metric, statistics.images) == ("mIoU", 1)
    assert statistics.arrays()["areas"].tolist() == [[[1, 2], [1, 3], [2, 3]]]
    assert score(statistics) == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_absent_classes_count_as_the_suites_code_says(scored):
    content = zlib.compress(SIZE + bytes([0, 1, 1, 1, 0, 1]))
    values = {
        absent: score(scored(content, {"absent": absent}, num_classes=4)) for absent in (0, 1)
    }
    assert values[1] - values[0] == pytest.approx(2 / 4)
    with pytest.raises(JobFailure, match="counts absent classes in a way that is not known"):
        scored(content, {"absent": None})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no zlib", "Error -3"),
        (zlib.compress(SIZE + b"\0" * 5), "not 6 labels"),
        (zlib.compress(SIZE + b"\0" * 7), "not 6 labels"),
        (zlib.compress(SIZE + b"\0" * 10**7), "not 6 labels"),
        (zlib.compress(SIZE[::-1] + bytes(6)), "a transform changes the size for good, or"),
        (zlib.compress(np.array([3, 2], "<u4").tobytes() + bytes(6)), r"is \(3, 2\) after"),
        (zlib.compress(b"short"), "requires a buffer"),
        (zlib.compress(b""), "requires a buffer"),
        (b"\0" * 2**17, "larger than a label map"),
    ],
)
def test_other_predictions_are_a_failure_of_the_worker(scored, content, reason):
    with pytest.raises(JobFailure, match=rf"malformed prediction 0\.z: .*{reason}") as caught:
        scored(content)
    assert (caught.value.stage, caught.value.kind) == ("accuracy", "error")


def test_a_missing_prediction_is_a_failure_of_the_worker(tmp_path):
    with pytest.raises(JobFailure, match=r"malformed prediction 3\.z"):
        read_map(tmp_path / "3.z", (2, 3))


def test_no_more_is_unpacked_than_a_map_can_hold(tmp_path, monkeypatch):
    asked = []
    real = zlib.decompressobj

    class Counting:
        def decompress(self, data, most):
            asked.append(most)
            return real().decompress(data, most)

    monkeypatch.setattr("bench.metrics.miou.zlib.decompressobj", Counting)
    (tmp_path / "0.z").write_bytes(zlib.compress(b"\0" * 10**6))
    with pytest.raises(JobFailure):
        read_map(tmp_path / "0.z", (2, 3))
    assert asked == [21]


def test_labels_beyond_the_classes_are_named(scored):
    with pytest.raises(JobFailure, match=r"a.png: the label 255 .* val_dataset.num_classes: 2"):
        scored(zlib.compress(SIZE + bytes(6)), ignore_index=7)


def test_what_drawing_needs_is_said(tmp_path):
    (tmp_path / "val.txt").write_text("a.jpg a.png\n")
    dataset = {"type": "Dataset", "mode": "val", "num_classes": 2}
    scoring = find_dialect("paddleseg").scoring({"val_dataset": dataset}, "evaluation")
    labelled = LabelledData(tmp_path, tmp_path / "val.txt", scoring)
    metric = find_metric("miou")
    assert metric.describe(metric.images(labelled), labelled) == {
        "task": "segmentation",
        "images": [[str(tmp_path / "a.jpg"), str(tmp_path / "a.png")]],
        "num_classes": 2,
        "ignore_index": 255,
        "shift": 0,
    }
