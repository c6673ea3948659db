"""What an accuracy worker left is scored as what it is: a stranger's."""

import json

import numpy as np
import pytest

from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from compress.suites import find_dialect
from core.errors import InputError, JobFailure

BOX = "<bndbox><xmin>10</xmin><ymin>10</ymin><xmax>39</xmax><ymax>39</ymax></bndbox>"
XML = f"""<annotation><size><width>100</width><height>80</height></size>
<object><name>cat</name>{BOX}</object></annotation>"""
VOC = {"metric": "VOC", "EvalDataset": {"label_list": "labels.txt", "image_dir": "."}}
HIT = {"image_id": 0, "category_id": 0, "bbox": [10, 10, 29, 29], "score": 0.9}


class Place:
    """A data set of one or two images, and the folder that a worker leaves."""

    def __init__(self, root):
        self.data, self.left = root / "data", root / "left"
        self.data.mkdir()
        self.left.mkdir()
        for name in "ab":
            (self.data / f"{name}.xml").write_text(XML)
        (self.data / "labels.txt").write_text("cat\ndog\n")
        (self.data / "val.txt").write_text("a.jpg a.xml\nb.jpg b.xml\n")
        categories = [{"id": 0, "name": "cat"}]
        truth = {"id": 1, "image_id": 0, "category_id": 0, "bbox": HIT["bbox"]}
        coco = {
            "images": [{"id": 0}],
            "annotations": [{**truth, "area": 900, "iscrowd": 0}],
            "categories": categories,
        }
        (self.data / "val.json").write_text(json.dumps({"info": {}, **coco}))

    def score(self, config, results, images=None):
        images = images or [[str(self.data / "a.jpg"), 0]]
        (self.left / "index.json").write_text(json.dumps({"images": images}))
        (self.left / "detections.json").write_text(json.dumps(results))
        index = "val.txt" if config.get("metric") == "VOC" else "val.json"
        validation = LabelledData(self.data, self.data / index)
        scoring = find_dialect("paddledet").scoring(config, "evaluation")
        statistics = find_metric(scoring.metric).score(self.left, validation, scoring)
        return statistics.scores(np.ones((1, statistics.images), np.int64))[0]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path.resolve())


@pytest.mark.parametrize("config", [VOC, {"metric": "COCO"}])
def test_a_box_that_is_not_finite_is_wrong(place, config):
    assert place.score(config, [HIT]) == pytest.approx(1.0)
    for value in (float("nan"), float("inf"), -float("inf")):
        broken = {**HIT, "bbox": [value] * 4, "score": 0.95}
        assert place.score(config, [broken]) == 0.0
        assert place.score(config, [{**HIT, "score": value}]) == 0.0


@pytest.mark.parametrize(
    "result", [{"image_id": 0}, {**HIT, "bbox": [1, 2]}, {**HIT, "bbox": "four"}, 7]
)
def test_predictions_that_make_no_sense_are_a_failure(place, result):
    with pytest.raises(JobFailure, match="malformed predictions"):
        place.score(VOC, [result])


def test_images_are_named_once_and_known(place):
    a, b = str(place.data / "a.jpg"), str(place.data / "b.jpg")
    assert place.score(VOC, [HIT, {**HIT, "image_id": 7}], [[a, 0], [b, 7]]) == pytest.approx(1.0)
    for images in ([[a, 0], [b, 0]], [[a, 0], [a, 1]]):
        with pytest.raises(JobFailure, match="appears twice"):
            place.score(VOC, [HIT], images)
    with pytest.raises(JobFailure, match="no annotation belongs to"):
        place.score(VOC, [HIT], [[str(place.data / "c.jpg"), 0]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"map_type": "coco"}, "unknown map_type 'coco'"),
        ({"EvalDataset": {"label_list": "../labels.txt"}}, "outside the data set"),
        ({"EvalDataset": {"label_list": "/dev/zero"}}, "outside the data set"),
        ({"EvalDataset": {"label_list": "gone.txt"}}, "not a list of labels"),
        ({"EvalDataset": {"label_list": ["a"]}}, "not a list of labels"),
    ],
)
def test_configs_that_make_no_sense_are_named(place, change, message):
    with pytest.raises(InputError, match=message):
        place.score({**VOC, **change}, [HIT])


def test_a_list_of_labels_has_a_size(place, monkeypatch):
    monkeypatch.setattr("bench.metrics.voc.MAX_LABEL_BYTES", 8)
    assert place.score(VOC, [HIT]) == pytest.approx(1.0)
    monkeypatch.setattr("bench.metrics.voc.MAX_LABEL_BYTES", 7)
    with pytest.raises(InputError, match="not a list of labels"):
        place.score(VOC, [HIT])


def test_without_a_list_of_labels_the_classes_are_those_of_voc(place):
    config = {"metric": "VOC", "EvalDataset": {}}
    assert place.score(config, [{**HIT, "category_id": 7}]) == pytest.approx(1.0)
