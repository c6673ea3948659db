"""Detections are matched with VOC annotations as the evaluation of VOC does."""

import numpy as np
import pytest

from bench.metrics.storage import load_statistics, save_statistics
from bench.metrics.voc_matching import METRICS, OVERLAP, match_voc, read_voc
from core.errors import InputError

XML = """<annotation><size><width>100</width><height>80</height></size>
<object><name>cat</name><difficult>0</difficult>
<bndbox><xmin>10</xmin><ymin>10</ymin><xmax>39</xmax><ymax>39</ymax></bndbox></object>
<object><name>dog</name><difficult>1</difficult>
<bndbox><xmin>50</xmin><ymin>50</ymin><xmax>120</xmax><ymax>120</ymax></bndbox></object>
<object><name>cat</name>
<bndbox><xmin>150</xmin><ymin>10</ymin><xmax>180</xmax><ymax>20</ymax></bndbox></object>
</annotation>"""


@pytest.fixture
def truths(tmp_path):
    (tmp_path / "a.xml").write_text(XML)
    (tmp_path / "val.txt").write_text("a.jpg a.xml\nb.jpg missing.xml\n")
    return dict(read_voc(tmp_path / "val.txt", tmp_path, ["cat", "dog"]))


def found(category, x, y, width, height, score):
    return {"category_id": category, "bbox": [x, y, width, height], "score": score}


def test_boxes_are_cut_to_the_image_and_empty_ones_dropped(truths, tmp_path):
    assert set(truths) == {tmp_path / "a.jpg"}
    (truth,) = truths.values()
    assert truth.boxes.tolist() == [[10, 10, 39, 39], [50, 50, 99, 79]]
    assert truth.classes.tolist() == [0, 1]
    assert truth.difficult.tolist() == [False, True]


def test_difficult_objects_neither_count_nor_cost(truths):
    dog = found(1, 50, 50, 49, 29, 0.9)
    statistics = match_voc([*truths.values()], [[dog]], 2, "11point")
    assert statistics.truth().tolist() == [[1, 0]]
    assert statistics.categories[1].counted.tolist() == [[False]]


@pytest.mark.parametrize(("interpolation", "expected"), [("11point", 1.0), ("integral", 1.0)])
def test_a_second_box_on_the_same_object_is_wrong(truths, interpolation, expected):
    boxes = [found(0, 10, 10, 29, 29, 0.9), found(0, 11, 11, 29, 29, 0.8)]
    statistics = match_voc([*truths.values()], [boxes], 2, interpolation)
    assert statistics.categories[0].hit.tolist() == [[True, False]]
    assert statistics.scores(np.ones((1, 1), np.int64)) == pytest.approx([expected])


def test_a_wrong_box_before_the_right_one_halves_the_precision(truths):
    boxes = [found(0, 60, 10, 29, 29, 0.9), found(0, 10, 10, 29, 29, 0.8)]
    for interpolation in ("11point", "integral"):
        statistics = match_voc([*truths.values()], [boxes], 2, interpolation)
        assert statistics.scores(np.ones((1, 1), np.int64)) == pytest.approx([0.5])


def test_statistics_survive_their_file(truths, tmp_path):
    boxes = [found(0, 10, 10, 29, 29, 0.9)]
    statistics = match_voc([*truths.values()], [boxes], 2, "integral")
    save_statistics(tmp_path / "s.npz", statistics)
    read = load_statistics(tmp_path / "s.npz")
    assert (read.metric, read.interpolation) == ("mAP@0.5 (integral)", "integral")
    assert read.scores(np.ones((1, 1), np.int64)) == pytest.approx([1.0])


@pytest.mark.parametrize(
    "text",
    [
        "<annotation>",
        XML.replace("cat", "unicorn"),
        XML.replace("<xmin>10</xmin>", ""),
        f'<!DOCTYPE a [<!ENTITY b "{"c" * 99}">]>{XML.replace("cat", "&b;")}',
    ],
)
def test_an_annotation_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / "a.xml").write_text(text)
    (tmp_path / "val.txt").write_text("a.jpg a.xml\n")
    with pytest.raises(InputError, match=r"annotation cannot be read"):
        read_voc(tmp_path / "val.txt", tmp_path, ["cat", "dog"])


@pytest.mark.parametrize(("width", "hits"), [(29, True), (14, False), (15, True)])
def test_a_box_has_to_overlap_by_more_than_half(truths, width, hits):
    """Both ends count: 15 of 30 columns are one half exactly."""
    assert OVERLAP == 0.5
    statistics = match_voc([*truths.values()], [[found(0, 10, 10, width, 29, 0.9)]], 2, "11point")
    assert statistics.categories[0].hit.tolist() == [[hits]]


def test_a_box_of_another_class_hits_nothing(truths):
    statistics = match_voc([*truths.values()], [[found(1, 10, 10, 29, 29, 0.9)]], 2, "11point")
    assert statistics.categories[1].hit.tolist() == [[False]]
    assert statistics.categories[1].counted.tolist() == [[True]]


def test_a_class_that_is_not_listed_is_passed_over(truths):
    statistics = match_voc([*truths.values()], [[found(7, 10, 10, 29, 29, 0.9)]], 2, "11point")
    assert [len(category.image) for category in statistics.categories] == [0, 0]


def test_an_image_without_objects_has_wrong_boxes_only(tmp_path):
    (tmp_path / "a.xml").write_text(
        "<annotation><size><width>9</width><height>9</height></size></annotation>"
    )
    (tmp_path / "val.txt").write_text("a.jpg a.xml\n\n")
    truths = dict(read_voc(tmp_path / "val.txt", tmp_path, ["cat"]))
    statistics = match_voc([*truths.values()], [[found(0, 0, 0, 5, 5, 0.9)]], 1, "integral")
    assert statistics.categories[0].hit.tolist() == [[False]]
    assert statistics.metric == METRICS["integral"]


def test_detections_of_all_images_are_ordered_by_score(truths):
    (truth,) = truths.values()
    boxes = [[found(0, 60, 10, 29, 29, 0.5)], [found(0, 10, 10, 29, 29, 0.9)]]
    statistics = match_voc([truth, truth], boxes, 2, "integral")
    assert statistics.categories[0].image.tolist() == [1, 0]
    assert statistics.categories[0].hit.tolist() == [[True, False]]
