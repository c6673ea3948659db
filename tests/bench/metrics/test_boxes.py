"""Detections that a worker left are checked before any of them counts."""

import json

import pytest

from bench.metrics.boxes import load_detections
from core.errors import JobFailure

BOX = {"image_id": 3, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}


@pytest.fixture
def load(tmp_path):
    def run(results, images=4):
        (tmp_path / "detections.json").write_text(json.dumps(results))
        return load_detections(tmp_path, images)

    return run


def test_boxes_are_numbers_by_image(load):
    boxes = load([{**BOX, "score": "0.5", "mask": "dropped"}])
    assert boxes == [[], [], [], [{**BOX, "bbox": [1.0, 2.0, 3.0, 4.0]}]]


def test_boxes_of_other_images_are_left_out(load):
    assert load([{**BOX, "image_id": 4}, {**BOX, "image_id": -1}]) == [[]] * 4


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_box_that_is_not_finite_becomes_an_empty_one(load, value):
    *_, (box,) = load([{**BOX, "bbox": [1, value, 3, 4]}])
    assert box["bbox"] == [0.0, 0.0, 0.0, 0.0]
    assert load([{**BOX, "score": value}]) == [[]] * 4


@pytest.mark.parametrize(
    "results",
    [
        [{**BOX, "category_id": float("inf")}],
        [{}],
        [7],
        7,
        [{**BOX, "bbox": [1, 2]}],
        [{**BOX, "image_id": None}],
        [{**BOX, "image_id": 10**400}],
        [[[]] * 9],
    ],
)
def test_other_forms_are_a_failure_of_the_worker(load, results):
    with pytest.raises(JobFailure, match="malformed predictions"):
        load(results)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"bbox": [1, 2]}, "a box has 2 numbers instead of 4"),
        ({"bbox": []}, "a box has 0 numbers instead of 4"),
        ({"category_id": 2**63}, "more than 64 bits"),
        ({"image_id": -(2**63) - 1}, "more than 64 bits"),
    ],
)
def test_a_box_that_cannot_be_compared_is_named(load, change, problem):
    with pytest.raises(JobFailure, match=problem):
        load([{**BOX, **change}])


def test_an_image_has_so_many_boxes_and_no_more(load, monkeypatch):
    monkeypatch.setattr("bench.metrics.boxes.MAX_BOXES", 3)
    assert [len(boxes) for boxes in load([BOX] * 3 + [{**BOX, "image_id": 2}])] == [0, 0, 1, 3]
    with pytest.raises(JobFailure, match="more than 3 boxes in one image") as caught:
        load([BOX] * 4)
    assert (caught.value.stage, caught.value.kind) == ("accuracy", "limit")


def test_nesting_without_end_is_a_failure_of_the_worker(load, tmp_path):
    load([])
    (tmp_path / "detections.json").write_text("[" * 100_000)
    with pytest.raises(JobFailure, match="malformed predictions: RecursionError"):
        load_detections(tmp_path, 1)


def test_files_that_are_missing_are_a_failure_of_the_worker(tmp_path):
    with pytest.raises(JobFailure, match="malformed predictions: FileNotFoundError"):
        load_detections(tmp_path, 1)


def test_a_file_that_is_not_json_is_a_failure_of_the_worker(tmp_path):
    (tmp_path / "detections.json").write_text("{")
    with pytest.raises(JobFailure, match="malformed predictions"):
        load_detections(tmp_path, 1)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.metrics.boxes.MAX_DETECTIONS_BYTES", 2**20)
    (tmp_path / "detections.json").write_bytes(b" " * (2**20 + 1))
    with pytest.raises(JobFailure, match=r"detections\.json is larger than 1 MiB") as caught:
        load_detections(tmp_path, 1)
    assert caught.value.kind == "limit"


def test_millions_of_empty_lists_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.metrics.boxes.MAX_DETECTIONS_VALUES", 20)
    (tmp_path / "detections.json").write_text("[" + "[]," * 10 + "[]]")
    with pytest.raises(JobFailure, match=r"malformed predictions: .*more than 20 values"):
        load_detections(tmp_path, 1)
