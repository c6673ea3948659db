import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from bench.metrics.detection import match_detections
from bench.metrics.segmentation import SegmentationStatistics, areas_of
from bench.metrics.storage import load_statistics, save_statistics
from bench.stats import change_interval, score, score_interval
from core.errors import InputError


def areas_by_hand(predicted, truth, classes, ignored):
    rows = []
    for c in range(classes):
        counted = truth != ignored
        p, t = (predicted == c) & counted, truth == c  # as calculate_area
        rows.append([(p & t).sum(), p.sum(), t.sum()])
    return np.array(rows).T


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_areas_are_those_of_the_definition(seed, classes):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, (9, 7))
    truth[rng.random((9, 7)) < 0.2] = 255
    predicted = rng.integers(0, classes, (9, 7))
    for ignored in (255, 0):
        np.testing.assert_array_equal(
            areas_of(predicted, truth, classes, ignored),
            areas_by_hand(predicted, truth, classes, ignored),
        )


def test_a_class_that_never_occurs_counts_as_zero():
    truth = np.zeros((2, 2), np.int64)
    statistics = SegmentationStatistics(areas_of(truth, truth, 2, 255)[None])
    assert score(statistics) == 0.5  # as paddleseg's mean_iou
    assert statistics.chance() == 0.5


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
        return
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
        return
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


def test_statistics_survive_storage(tmp_path):
    data, found = coco(3)
    (tmp_path / "a.json").write_text(json.dumps(data))
    detection = match_detections(tmp_path / "a.json", found, list(range(1, 8)))
    rng = np.random.default_rng(0)
    segmentation = SegmentationStatistics(rng.integers(1, 50, (5, 3, 4)))
    for statistics in (detection, segmentation):
        save_statistics(tmp_path / "s.npz", statistics)
        loaded = load_statistics(tmp_path / "s.npz")
        assert score(loaded) == score(statistics)
        assert score_interval(loaded) == score_interval(statistics)


def test_unreadable_statistics_are_bad_input(tmp_path):
    (tmp_path / "s.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match=r"s\.npz"):
        load_statistics(tmp_path / "s.npz")


def test_paired_interval_is_narrower_than_unpaired_and_zero_for_equals():
    rng = np.random.default_rng(0)
    areas = rng.integers(50, 100, (80, 3, 2))
    areas[:, 0] = areas[:, 1:].min(axis=1) - rng.integers(0, 40, (80, 2))
    old = SegmentationStatistics(areas)
    worse = areas.copy()
    worse[:, 0] -= 3
    change = change_interval(old, SegmentationStatistics(worse))
    assert change.high < 0
    assert change.half_width < score_interval(old).half_width / 2
    same = change_interval(old, old)
    assert (same.value, same.low, same.high) == (0, 0, 0)
