"""COCO annotations are those of the config; other images do not count."""

import json

import pytest

from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from bench.stats import score
from compress.suites.dialect import Scoring
from core.errors import JobFailure

HIT = {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "score": 0.9}


@pytest.fixture
def scored(tmp_path):
    truth = {"id": 1, "image_id": 1, "category_id": 1, "bbox": HIT["bbox"]}
    dataset = {
        "info": {},
        "images": [{"id": 1}, {"id": 2}],
        "annotations": [{**truth, "area": 400, "iscrowd": 0}],
        "categories": [{"id": 1, "name": "cat"}],
    }
    (tmp_path / "val.json").write_text(json.dumps(dataset))

    def run(results, images, index=tmp_path / "val.json"):
        (tmp_path / "index.json").write_text(json.dumps({"images": images}))
        (tmp_path / "detections.json").write_text(json.dumps(results))
        labelled = LabelledData(tmp_path, index)
        return find_metric("coco").score(tmp_path, labelled, Scoring("coco", "EvalDataset"))

    return run


def test_a_hit_is_full_precision(scored):
    statistics = scored([HIT], [["a.jpg", 1]])
    assert (statistics.metric, statistics.images) == ("mAP", 1)
    assert score(statistics) == pytest.approx(1.0)


def test_images_count_in_the_order_of_their_numbers(scored):
    statistics = scored([HIT], [["b.jpg", 2], ["a.jpg", 1]])
    assert statistics.truth().tolist() == [[1], [0]]


def test_detections_of_images_without_annotations_count_nowhere(scored):
    assert score(scored([HIT, {**HIT, "image_id": 9}], [["a.jpg", 1]])) == pytest.approx(1.0)


def test_a_config_without_annotations_is_a_failure(scored):
    with pytest.raises(JobFailure, match="the config names no annotations"):
        scored([HIT], [["a.jpg", 1]], index=None)
