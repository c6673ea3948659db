"""Mean intersection over union from areas, as the suite defines it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.metrics.base import MAX_CLASSES
from bench.metrics.segmentation import (
    MAX_PIXELS,
    SegmentationStatistics,
    areas_of,
    mean_iou,
    sum_exactly,
)
from bench.stats import score


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


@pytest.mark.parametrize(("absent", "value"), [(0, 0.5), (1, 1.0)])
def test_a_class_that_never_occurs_counts_as_the_suite_says(absent, value):
    truth = np.zeros((2, 2), np.int64)
    statistics = SegmentationStatistics(areas_of(truth, truth, 2, 255)[None], absent)
    assert score(statistics) == value
    assert statistics.chance() == value


def test_absent_classes_count_as_nothing_or_in_full():
    with pytest.raises(ValueError, match="absent classes has to be 0 or 1"):
        SegmentationStatistics(np.ones((1, 3, 2), np.int64), 2)


def test_labels_that_are_no_class_are_neither_predicted_nor_true():
    truth, predicted = np.array([[0, 7, 1]]), np.array([[0, 1, -1]])
    assert areas_of(predicted, truth, 2, 255).tolist() == [[1, 0], [1, 1], [1, 1]]


def test_ignored_pixels_count_as_true_area_alone():
    truth, predicted = np.array([[0, 0, 1]]), np.array([[0, 1, 1]])
    assert areas_of(predicted, truth, 2, 0).tolist() == [[0, 1], [0, 1], [2, 1]]


def test_the_score_is_the_mean_over_classes():
    areas = np.array([[5, 1], [10, 2], [5, 2]])  # IoU 5/10 and 1/3
    assert mean_iou(areas) == pytest.approx((5 / 10 + 1 / 3) / 2)


def test_an_image_counts_as_often_as_its_weight():
    areas = np.array([[[4, 0], [4, 0], [4, 0]], [[0, 0], [4, 0], [4, 0]]])
    statistics = SegmentationStatistics(areas)
    weights = np.array([[1, 0], [0, 1], [1, 1], [3, 1]])
    assert statistics.scores(weights) == pytest.approx([0.5, 0.0, 4 / 12 / 2, 12 / 20 / 2])


def test_chance_is_always_to_answer_the_largest_class():
    areas = np.array([[[0, 0], [0, 0], [30, 10]]])
    assert SegmentationStatistics(areas).chance() == 30 / 40 / 2
    assert SegmentationStatistics(np.zeros((1, 3, 2), np.int64)).chance() == 0.0


@pytest.mark.parametrize(
    "areas",
    [
        np.zeros((0, 3, 2), np.int64),
        np.zeros((1, 2, 2), np.int64),
        np.zeros((3, 2), np.int64),
        np.zeros((1, 3, 2)),
        np.full((1, 3, 2), -1),
    ],
)
def test_other_arrays_are_refused(areas):
    with pytest.raises(ValueError, match=r"\(images, 3, classes\)"):
        SegmentationStatistics(areas)


def test_more_classes_than_any_data_set_has_are_refused():
    """One image with ten million classes would take 240 GB for its interval."""
    areas = np.zeros((1, 3, MAX_CLASSES + 1), np.int64)
    assert SegmentationStatistics(areas[:, :, 1:]).images == 1
    with pytest.raises(ValueError, match="more than 2000 classes"):
        SegmentationStatistics(areas)


def test_an_area_beyond_any_image_is_refused():
    areas = np.full((1, 3, 1), MAX_PIXELS)
    assert score(SegmentationStatistics(areas)) == 1.0
    with pytest.raises(ValueError, match="an area has more than"):
        SegmentationStatistics(areas + 1)


@pytest.mark.parametrize("areas", [[5, 4, 9], [5, 9, 4]])
def test_an_intersection_lies_within_both_areas(areas):
    with pytest.raises(ValueError, match="an intersection is larger"):
        SegmentationStatistics(np.array(areas).reshape(1, 3, 1))


@given(st.integers(0, 10_000))
def test_sums_in_floating_point_are_exact(seed):
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(2**16, np.full(5, 0.2), size=3)
    areas = rng.integers(0, MAX_PIXELS, (5, 4), endpoint=True)
    assert (sum_exactly(weights, areas) == (weights @ areas).astype(object)).all()


def test_sums_of_blocks_of_images_are_those_of_all(monkeypatch):
    rng = np.random.default_rng(0)
    weights, areas = rng.integers(0, 9, (3, 50)), rng.integers(0, 10**6, (50, 4))
    monkeypatch.setattr("bench.metrics.segmentation.BLOCK", 30)
    np.testing.assert_array_equal(sum_exactly(weights, areas), weights @ areas)
