"""The accuracy worker writes raw predictions, and counts areas for segmentation alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from compress.worker.start import Workplace, start_worker
from core.errors import JobFailure

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[3])
RIGHT, WRONG = [[0, 1], [1, 1]], [[0, 0], [0, 0]]


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("predictions"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.predictions", "accuracy", place) as started:
        yield started


@pytest.fixture
def predict(worker, tmp_path):
    """The number of images and the folder with what was written about them."""

    def run(task, *images, **request):
        asked = {"task": task, "classes": 2, "images": images, "out": str(tmp_path), **request}
        return worker.call(asked, 60)["images"], tmp_path

    return run


def image(name, prediction, truth=RIGHT):
    return [f"data/{name}.jpg", prediction, truth, f"data/{name}.png"]


def test_areas_are_counted_image_by_image(predict):
    count, out = predict("segmentation", image("a", RIGHT), image("b", WRONG, [[0, 1], [255, 1]]))
    assert count == 2
    with np.load(out / "areas.npz") as stored:
        assert stored["areas"].tolist() == [
            [[1, 3], [1, 3], [1, 3]],
            [[1, 0], [3, 0], [1, 2]],
        ]
    index = json.loads((out / "index.json").read_text())
    assert (index["task"], index["num_classes"], index["ignore_index"]) == ("segmentation", 2, 255)
    assert [[Path(path).name for path in paths] for paths in index["images"]] == [
        ["a.jpg", "a.png"],
        ["b.jpg", "b.png"],
    ]
    assert Path(index["images"][0][0]).is_absolute()


@pytest.mark.parametrize(("classes", "kind"), [(2, np.uint8), (255, np.uint8), (256, np.int16)])
def test_label_maps_are_kept_as_small_as_their_classes_allow(predict, classes, kind):
    _, out = predict("segmentation", image("a", WRONG), classes=classes)
    with np.load(out / "predictions.npz") as stored:
        assert stored["0"].tolist() == WRONG
        assert stored["0"].dtype == kind


def test_label_maps_are_kept_up_to_a_size_and_areas_of_every_image(predict):
    images = [image(name, RIGHT) for name in "abc"]
    count, out = predict("segmentation", *images, most_bytes=8)
    with np.load(out / "predictions.npz") as stored, np.load(out / "areas.npz") as areas:
        assert sorted(stored) == ["0", "1"]
        assert len(areas["areas"]) == count == 3


def test_detections_are_written_raw_with_the_number_of_each_image(predict):
    boxes = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]
    count, out = predict("detection", image("a", boxes, 7), image("b", [], 9))
    assert count == 2
    results = json.loads((out / "detections.json").read_text())
    assert [(result["image_id"], result["bbox"]) for result in results] == [
        (7, boxes[0]),
        (7, boxes[1]),
    ]
    index = json.loads((out / "index.json").read_text())
    assert (index["task"], index["annotations"]) == ("detection", "val.json")
    assert [[Path(path).name, number] for path, number in index["images"]] == [
        ["a.jpg", 7],
        ["b.jpg", 9],
    ]


def test_at_most_so_many_images_are_read(predict):
    assert predict("segmentation", *(image(name, RIGHT) for name in "abcd"), limit=2)[0] == 2


@pytest.mark.parametrize("split", ["evaluation", "training"])
def test_a_split_without_images_is_an_error(predict, split):
    with pytest.raises(JobFailure, match=f"the {split} split has no labelled image") as caught:
        predict("segmentation", split=split)
    assert ("every training image" in caught.value.message) == (split == "training")
