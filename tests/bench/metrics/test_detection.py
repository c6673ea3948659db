"""COCO precision equals pycocotools, and can be weighted by image."""

import contextlib
import io
import json
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from bench.metrics.base import MAX_CLASSES
from bench.metrics.detection import (
    RECALLS,
    CategoryMatches,
    DetectionStatistics,
    average_precisions,
    match_detections,
    read_annotations,
)
from bench.stats import score


def coco(seed, images=7, categories=3):
    """Random truth and detections, with crowds, ties of scores and empty images."""
    rng = np.random.default_rng(seed)
    truth, found = [], []
    for image in range(1, images + 1):
        for _ in range(rng.integers(0, 5)):
            box = [float(v) for v in (*rng.integers(0, 80, 2), *rng.integers(5, 60, 2))]
            category = int(rng.integers(1, categories + 1))
            truth.append(
                {
                    "id": len(truth) + 1,
                    "image_id": image,
                    "category_id": category,
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": int(rng.random() < 0.1),
                }
            )
            for _ in range(rng.integers(0, 4)):
                moved = [b + float(d) for b, d in zip(box, rng.normal(0, 4, 4), strict=True)]
                found.append(
                    {
                        "image_id": image,
                        "category_id": category,
                        "bbox": moved,
                        "score": round(float(rng.random()), 1),
                    }
                )
    data = {
        "info": {},
        "images": [{"id": i, "height": 160, "width": 160} for i in range(1, images + 1)],
        "annotations": truth,
        "categories": [{"id": c, "name": str(c)} for c in range(1, categories + 1)],
    }
    return data, found


def reference(path, found, image_ids):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(path))
        evaluation = COCOeval(truth, truth.loadRes(found), "bbox")
        evaluation.params.imgIds = image_ids
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return float(evaluation.stats[0])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_map_equals_cocoeval_exactly(tmp_path_factory, seed):
    data, found = coco(seed)
    if not found or not data["annotations"]:
        assume(False)
    path = tmp_path_factory.mktemp("coco") / "a.json"
    path.write_text(json.dumps(data))
    statistics = match_detections(path, found, list(range(1, 8)))
    expected = reference(path, found, list(range(1, 8)))
    assert score(statistics) == (expected if expected >= 0 else 0.0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_image_weights_equal_repeated_images(tmp_path_factory, seed):
    """A weight of 2 has to score as an image that is there twice under another number."""
    data, found = coco(seed, images=4)
    found = [{**d, "score": d["score"] + i * 1e-4} for i, d in enumerate(found)]  # no ties
    if not found or not any(not a["iscrowd"] for a in data["annotations"]):
        assume(False)
    folder = tmp_path_factory.mktemp("coco")
    (folder / "a.json").write_text(json.dumps(data))
    twice = {
        **data,
        "images": [*data["images"], {**data["images"][0], "id": 99}],
        "annotations": [
            *data["annotations"],
            *(
                {**a, "id": 1000 + i, "image_id": 99}
                for i, a in enumerate(data["annotations"])
                if a["image_id"] == 1
            ),
        ],
    }
    (folder / "b.json").write_text(json.dumps(twice))
    more = [*found, *({**d, "image_id": 99} for d in found if d["image_id"] == 1)]
    weighted = match_detections(folder / "a.json", found, [1, 2, 3, 4])
    repeated = match_detections(folder / "b.json", more, [1, 2, 3, 4, 99])
    assert weighted.scores(np.array([[2, 1, 1, 1]]))[0] == pytest.approx(score(repeated), abs=0.02)


def test_no_detections_score_zero(tmp_path):
    data, _ = coco(1)
    (tmp_path / "a.json").write_text(json.dumps(data))
    assert score(match_detections(tmp_path / "a.json", [], [1, 2, 3])) == 0.0


def matches(hits, counted=None, images=None, objects=(1, 1)):
    """One category at one threshold, detections by falling score."""
    return CategoryMatches(
        np.array(images if images is not None else [0] * len(hits), np.int64),
        np.array([hits], bool),
        np.array([counted if counted is not None else [True] * len(hits)], bool),
        np.array(objects, np.int64),
    )


@pytest.mark.parametrize(
    ("interpolation", "expected"),
    [("coco", 51 / 101), ("11point", 6 / 11), ("integral", 0.5)],
)
def test_half_of_the_objects_found_is_half_of_the_precision(interpolation, expected):
    precisions = average_precisions(matches([True]), np.ones(2, np.int64), interpolation)
    assert precisions.mean() == pytest.approx(expected)


def test_a_detection_that_does_not_count_costs_nothing():
    ones = np.ones(2, np.int64)
    plain = average_precisions(matches([True, True]), ones)
    crowd = average_precisions(matches([True, False, True], [True, False, True]), ones)
    np.testing.assert_array_equal(plain, crowd)


def test_an_image_that_is_not_drawn_counts_nowhere():
    rows = matches([False, True], images=[1, 0], objects=(1, 1))
    assert average_precisions(rows, np.array([1, 0])).mean() == pytest.approx(1.0)
    assert average_precisions(rows, np.array([0, 0])) is None


def test_a_category_without_objects_does_not_count():
    empty = matches([False], objects=(0, 0))
    ones = np.ones((1, 2), np.int64)
    statistics = DetectionStatistics((matches([True, True], images=[0, 1]), empty), 2)
    assert statistics.scores(ones) == pytest.approx([1.0])
    assert DetectionStatistics((empty,), 2).scores(ones) == [0.0]


@pytest.mark.parametrize(
    ("rows", "images", "problem"),
    [
        (matches([True], objects=(1,)), 2, "do not line up"),
        (matches([True], counted=[True, True]), 2, "do not line up"),
        (matches([True], images=[2]), 2, "must lie below 2"),
        (matches([True], images=[-1]), 2, "must lie below 2"),
        (matches([True], objects=(1, -1)), 2, "whole and not negative"),
        (replace(matches([True]), objects=np.array([1.0, 1.0])), 2, "whole and not negative"),
        (matches([True], objects=(1, 10**6 + 1)), 2, "more than 1000000 objects"),
        (replace(matches([True]), hit=np.array([[7]])), 2, "true or false"),
        (replace(matches([True]), counted=np.array([[1.0]])), 2, "true or false"),
    ],
)
def test_matches_that_contradict_one_another_are_refused(rows, images, problem):
    with pytest.raises(ValueError, match=problem):
        DetectionStatistics((rows,), images)


def test_more_categories_than_any_data_set_has_are_refused():
    assert DetectionStatistics((matches([True]),) * MAX_CLASSES, 2).images == 2
    with pytest.raises(ValueError, match="more than 2000 categories"):
        DetectionStatistics((matches([True]),) * (MAX_CLASSES + 1), 2)


def test_annotations_are_read_again_when_their_file_changed(tmp_path):
    data, found = coco(3)
    file = tmp_path / "a.json"
    file.write_text(json.dumps(data))
    before = match_detections(file, found, list(range(1, 8)))
    file.write_text(json.dumps({**data, "annotations": data["annotations"][:1]}))
    os.utime(file, ns=(1, 1))
    assert before.truth().sum() > match_detections(file, found, list(range(1, 8))).truth().sum()


def test_other_images_of_the_annotations_count_nowhere(tmp_path):
    data, found = coco(3)
    (tmp_path / "a.json").write_text(json.dumps(data))
    few = match_detections(tmp_path / "a.json", found, [1, 2])
    assert few.images == 2
    expected = reference(tmp_path / "a.json", [d for d in found if d["image_id"] < 3], [1, 2])
    assert score(few) == max(expected, 0.0)


def test_scoring_leaves_the_annotations_that_the_next_model_is_scored_by_as_they_are(tmp_path):
    """``COCOeval`` marks crowds as ignored in the annotations that it is given."""
    data, found = coco(3)
    file = tmp_path / "a.json"
    file.write_text(json.dumps(data))
    match_detections(file, found, list(range(1, 8)))
    assert any(item["iscrowd"] for item in data["annotations"])
    assert read_annotations(file)["annotations"] == data["annotations"]


def test_annotations_may_lack_a_description(tmp_path):
    data, found = coco(3)
    del data["info"]
    (tmp_path / "a.json").write_text(json.dumps(data))
    assert match_detections(tmp_path / "a.json", found, [1, 2]).images == 2


def precisions_by_hand(category, weights):
    """Interpolated precision at each recall of COCO, as COCOeval accumulates it: over every
    detection.
    """
    objects = float(category.objects @ weights)
    weight = weights[category.image].astype(np.float64)
    rows = []
    for hit, counted in zip(category.hit, category.counted, strict=True):
        true, false = np.cumsum(weight * (hit & counted)), np.cumsum(weight * (~hit & counted))
        precision = true / (false + true + np.spacing(1))
        envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
        rows.append(envelope[np.searchsorted(true / objects, RECALLS, side="left")])
    return np.stack(rows)


@given(st.integers(0, 10_000))
def test_looking_at_true_positives_alone_changes_no_bit(seed):
    rng = np.random.default_rng(seed)
    images, count, thresholds = 5, int(rng.integers(0, 30)), 3
    category = CategoryMatches(
        rng.integers(0, images, count),
        rng.random((thresholds, count)) < 0.4,
        rng.random((thresholds, count)) < 0.8,
        rng.integers(1, 4, images),
    )
    weights = rng.integers(0, 3, images)
    weights[0] = 1
    expected = precisions_by_hand(category, weights)
    np.testing.assert_array_equal(average_precisions(category, weights), expected)
