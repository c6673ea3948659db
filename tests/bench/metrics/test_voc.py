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
            (self.data / f"{name}.jpg").touch()
        (self.data / "labels.txt").write_text("cat\ndog\n")
        (self.data / "val.txt").write_text("a.jpg a.xml\nb.jpg b.xml\n")
        categories = [{"id": 0, "name": "cat"}]
        truth = {"id": 1, "image_id": 0, "category_id": 0, "bbox": HIT["bbox"]}
        coco = {
            "images": [{"id": 0, "file_name": "a.jpg", "width": 100, "height": 80}],
            "annotations": [{**truth, "area": 900, "iscrowd": 0}],
            "categories": categories,
        }
        (self.data / "val.json").write_text(json.dumps({"info": {}, **coco}))

    def labelled(self, config):
        index = "val.txt" if config.get("metric") == "VOC" else "val.json"
        scoring = find_dialect("paddledet").scoring(config, "evaluation")
        return LabelledData(self.data, self.data / index, scoring)

    def score(self, config, results, count=1):
        (self.left / "detections.json").write_text(json.dumps(results))
        labelled = self.labelled(config)
        metric = find_metric(labelled.scoring.metric)
        images = metric.images(labelled)[:count]
        statistics = metric.score(self.left, images, labelled)
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


def names(place, **dataset):
    config = {**VOC, "EvalDataset": {**VOC["EvalDataset"], **dataset}}
    return [image.file.name for image in find_metric("voc").images(place.labelled(config))]


def test_images_with_objects_count_in_the_order_of_the_list(place):
    assert names(place) == ["a.jpg", "b.jpg"]
    (place.data / "a.xml").write_text(XML[: XML.index("<object>")] + "</annotation>")
    assert names(place) == ["b.jpg"]
    assert names(place, allow_empty=True) == ["b.jpg", "a.jpg"]
    (place.data / "b.jpg").unlink()
    assert names(place, allow_empty=True) == ["a.jpg"]


def test_a_sample_counts_images_without_objects_too(place):
    (place.data / "a.xml").write_text(XML[: XML.index("<object>")] + "</annotation>")
    assert names(place, sample_num=2) == ["b.jpg"]
    assert names(place, sample_num=1, allow_empty=True) == ["a.jpg"]
    assert names(place, sample_num=1) == []


def test_boxes_in_an_image_whose_objects_are_all_empty_are_wrong(place):
    (place.data / "a.xml").write_text(XML.replace(BOX, BOX.replace("39", "10")))
    assert names(place) == ["a.jpg", "b.jpg"]
    second = {**HIT, "image_id": 1}
    assert place.score(VOC, [second], 2) == pytest.approx(1.0)
    assert place.score(VOC, [{**HIT, "score": 0.95}, second], 2) == pytest.approx(0.5)


def test_an_image_that_is_listed_twice_is_scored_twice(place):
    (place.data / "val.txt").write_text("a.jpg a.xml\na.jpg a.xml\n")
    assert names(place) == ["a.jpg", "a.jpg"]
    assert place.score(VOC, [HIT], 2) < 0.6
    assert place.score(VOC, [HIT, {**HIT, "image_id": 1}], 2) == pytest.approx(1.0)


def test_boxes_count_for_their_image(place):
    assert place.score(VOC, [HIT, {**HIT, "image_id": 1}], 2) == pytest.approx(1.0)
    assert place.score(VOC, [HIT, {**HIT, "image_id": 7}], 2) < 0.6


def test_objects_beyond_the_number_of_classes_are_named(place):
    (place.data / "a.xml").write_text(XML.replace("cat", "dog"))
    with pytest.raises(JobFailure, match="num_classes: 1, but 1 objects are of a class beyond it"):
        place.score({**VOC, "num_classes": 1}, [HIT])


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
