"""Intervals by bootstrap: paired over images, and over rounds."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.metrics.segmentation import SegmentationStatistics
from bench.stats import (
    change_interval,
    image_weights,
    median_interval,
    ratio_interval,
    score,
    score_interval,
)

MS = st.floats(0.01, 1000)
ROUNDS = st.lists(st.lists(MS, min_size=1, max_size=4), min_size=1, max_size=6)


def segmentation(images=10, seed=0):
    rng = np.random.default_rng(seed)
    hit = rng.integers(0, 1000, (images, 2))
    truth = np.full((images, 2), 1000)
    return SegmentationStatistics(np.stack([hit, hit, truth], axis=1))


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


def test_two_equal_variants_do_not_differ():
    """A against A: the interval of the ratio must include 1 in nearly every repetition."""
    outside = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        level = rng.normal(1, 0.1, 20)
        a, b = ([list(rng.normal(5 * x, 0.2, 10)) for x in level] for _ in range(2))
        ratio = ratio_interval(a, b)
        outside += not ratio.low <= 1 <= ratio.high
    assert outside <= 6


def test_median_interval_covers_the_truth():
    rng = np.random.default_rng(3)
    interval = median_interval([list(rng.normal(7, 0.5, 10)) for _ in range(30)])
    assert interval.low < 7 < interval.high
    assert interval.half_width < 0.2


def test_weights_draw_as_many_images_as_there_are_and_are_the_same_every_time():
    weights = image_weights(7, 20)
    assert weights.shape == (20, 7)
    assert set(weights.sum(axis=1)) == {7}
    np.testing.assert_array_equal(weights, image_weights(7, 20))
    with pytest.raises(ValueError, match="read-only"):
        weights[0, 0] = 1


def test_weights_are_kept_as_bytes():
    assert image_weights(300, 20).dtype == np.uint8


@pytest.mark.parametrize("block", [1, 7, 70, 1000])
def test_blocks_change_memory_and_no_number(monkeypatch, block):
    statistics, rounds = segmentation(), [[1.0, 2.0], [3.0], [2.5, 7.0]]
    whole = (
        score_interval(statistics),
        median_interval(rounds),
        ratio_interval(rounds, rounds[::-1]),
    )
    image_weights.cache_clear()
    monkeypatch.setattr("bench.stats.BLOCK", block)
    parts = (
        score_interval(statistics),
        median_interval(rounds),
        ratio_interval(rounds, rounds[::-1]),
    )
    image_weights.cache_clear()
    assert parts == whole


def test_a_score_is_asked_for_a_block_of_weights_at_a_time(monkeypatch):
    monkeypatch.setattr("bench.stats.BLOCK", 55)
    statistics, shapes = segmentation(), []

    class Spy:
        images, metric, resamples = statistics.images, statistics.metric, statistics.resamples

        def scores(self, weights):
            shapes.append(weights.shape)
            return statistics.scores(weights)

    score_interval(Spy())
    assert {rows for rows, _ in shapes[1:]} == {5}
    assert sum(rows for rows, _ in shapes[1:]) == statistics.resamples


def test_a_score_lies_within_its_interval():
    statistics = segmentation()
    interval = score_interval(statistics)
    assert interval.low < interval.value < interval.high
    assert interval.value == score(statistics)


def test_a_change_is_new_minus_old():
    old, new = segmentation(seed=1), segmentation(seed=2)
    forth, back = change_interval(old, new), change_interval(new, old)
    assert forth.value == pytest.approx(score(new) - score(old))
    assert (back.low, back.high) == pytest.approx((-forth.high, -forth.low))


def test_statistics_of_different_data_are_not_compared():
    with pytest.raises(ValueError, match="different data"):
        change_interval(segmentation(10), segmentation(9))


@given(ROUNDS)
def test_the_median_is_that_of_all_samples_and_lies_within_its_interval(rounds):
    interval = median_interval(rounds)
    assert interval.value == pytest.approx(median([ms for turn in rounds for ms in turn]))
    assert interval.low <= interval.value <= interval.high
    assert interval.half_width == (interval.high - interval.low) / 2


@given(ROUNDS, st.floats(0.1, 10))
def test_a_model_that_takes_a_multiple_of_the_time_is_as_much_slower(rounds, factor):
    slow = [[ms * factor for ms in turn] for turn in rounds]
    interval = ratio_interval(slow, rounds)
    assert (interval.low, interval.value, interval.high) == pytest.approx((factor,) * 3)


def test_rounds_that_do_not_line_up_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        ratio_interval([[1.0], [1.0]], [[1.0]])
