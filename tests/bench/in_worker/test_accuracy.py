"""The accuracy worker writes raw predictions, which the metrics read."""

import zlib
from pathlib import Path

import pytest

from bench.metrics.boxes import load_detections
from bench.metrics.miou import read_map
from compress.worker.start import Workplace, start_worker

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[3])


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("predictions"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.predictions", "accuracy", place) as started:
        yield started


@pytest.fixture
def predict(worker, tmp_path):
    """The number of images and the folder with what was written about them."""

    def run(task, *feeds):
        request = {"task": task, "feeds": feeds, "out": str(tmp_path)}
        return worker.call(request, 60)["images"], tmp_path

    return run


def test_maps_are_written_without_loss_image_by_image(predict):
    count, out = predict("segmentation", [[0, 1], [1, 1]], [[0, 0], [0, 255]])
    assert count == 2
    assert read_map(out / "maps" / "0.z", (2, 2)).tolist() == [[0, 1], [1, 1]]
    assert read_map(out / "maps" / "1.z", (2, 2)).tolist() == [[0, 0], [0, 255]]
    assert sorted(path.name for path in out.iterdir()) == ["maps"]


@pytest.mark.parametrize(("label", "size"), [(255, 2), (256, 4), (65535, 4)])
def test_maps_take_as_many_bytes_as_their_labels_need(predict, label, size):
    _, out = predict("segmentation", [[0, label]])
    assert len(zlib.decompress((out / "maps" / "0.z").read_bytes())) == 8 + size
    assert read_map(out / "maps" / "0.z", (1, 2)).tolist() == [[0, label]]


def test_detections_are_written_raw_with_the_number_of_each_image(predict):
    boxes = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]
    count, out = predict("detection", boxes, [])
    assert count == 2
    by_image = load_detections(out, count)
    assert [[box["bbox"] for box in detections] for detections in by_image] == [boxes, []]
