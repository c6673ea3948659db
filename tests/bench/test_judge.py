"""Changes are judged by their limits: accuracy with its certainty, latency for information."""

import numpy as np
import pytest

from bench.judge import (
    Scored,
    by_occurring,
    implausible,
    in_points,
    judge_accuracy,
    judge_latency,
    same_data,
)
from bench.metrics.segmentation import SegmentationStatistics
from bench.result import Accuracy, Latency
from bench.stats import Interval, score


def scored(quality: float, images: int = 200, noise: float = 0.0, name: str = "a") -> Scored:
    """A model whose two classes are found with the given share, varying between images."""
    rng = np.random.default_rng(1)
    truth = np.full((images, 2), 1000)
    wobble = rng.normal(0, noise, images)[:, None]
    hit = np.clip(truth * (quality + wobble), 0, 1000).astype(np.int64)
    statistics = SegmentationStatistics(np.stack([hit, truth, truth], axis=1))
    accuracy = Accuracy(
        metric="mIoU",
        value=score(statistics),
        images=images,
        chance=0.25,
        statistics="x",
        cached=False,
    )
    return Scored(accuracy, statistics, name)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (0.90, 0.899, "unchanged"),
        (0.90, 0.85, "regressed"),
        (0.85, 0.90, "improved"),
    ],
)
def test_clear_cases(old, new, verdict):
    judgement = judge_accuracy(scored(old), scored(new, name="b"), 1.0)
    assert judgement.verdict == verdict
    assert judgement.change_points is not None
    assert judgement.limit_points == 1.0


def test_too_few_images_are_inconclusive_and_say_what_to_do():
    rng = np.random.default_rng(5)
    truth = np.full((6, 2), 1000)
    old, new = (rng.integers(300, 1000, (6, 2)) for _ in range(2))
    pair = []
    for hit in sorted((old, new), key=lambda h: -h.sum()):
        statistics = SegmentationStatistics(np.stack([hit, truth, truth], axis=1))
        accuracy = Accuracy(
            metric="mIoU",
            value=score(statistics),
            images=6,
            chance=0.25,
            statistics="x",
            cached=False,
        )
        pair.append(Scored(accuracy, statistics, str(hit.sum())))
    judgement = judge_accuracy(pair[0], pair[1], 0.1)
    assert judgement.verdict == "inconclusive"
    assert "more images" in judgement.reason


def test_the_very_same_model_that_is_evaluated_otherwise():
    judgement = judge_accuracy(scored(0.9), scored(0.899), 1.0)
    assert (judgement.verdict, judgement.reason) == ("unchanged", "within the limit of 1 points")


def test_the_very_same_model():
    judgement = judge_accuracy(scored(0.9), scored(0.9), 0.0)
    assert (judgement.verdict, judgement.reason) == ("unchanged", "the very same model")


def test_different_data_are_incomparable():
    assert judge_accuracy(scored(0.9), scored(0.9, images=100), 1.0).verdict == "incomparable"


def test_a_baseline_near_chance_is_none():
    assert implausible(scored(0.9).accuracy) is None
    reason = implausible(scored(0.3).accuracy)
    assert reason is not None
    assert "near chance" in reason


@pytest.mark.parametrize(
    ("value", "chance", "plausible"),
    [(0.125, 0.1, True), (0.124, 0.1, False), (0.02, 0.0, True), (0.019, 0.0, False)],
)
def test_a_baseline_has_to_exceed_chance_by_a_quarter_and_two_points(value, chance, plausible):
    accuracy = Accuracy(
        metric="mAP", value=value, images=9, chance=chance, statistics="x", cached=False
    )
    reason = implausible(accuracy)
    assert (reason is None) == plausible
    if reason:
        assert f"{value:.4f} is near chance ({chance:.4f})" in reason


def test_data_are_the_same_where_metric_and_truth_are_equal():
    old, new = scored(0.9), scored(0.5)
    assert same_data(old, new)
    renamed = new.accuracy.model_copy(update={"metric": "mAP"})
    assert not same_data(old, Scored(renamed, new.statistics, "b"))
    areas = new.statistics.areas.copy()
    areas[0, 2, 0] += 1
    assert not same_data(old, Scored(new.accuracy, SegmentationStatistics(areas), "b"))


def test_sides_that_count_absent_classes_differently_are_incomparable():
    old, new = scored(0.9), scored(0.5)
    counted = SegmentationStatistics(new.statistics.areas, 1)
    judgement = judge_accuracy(old, Scored(new.accuracy, counted, "b"), 1.0)
    assert judgement.verdict == "incomparable"
    assert judgement.reason.endswith("absent classes count as 0 against absent classes count as 1")


def test_different_data_are_described():
    judgement = judge_accuracy(scored(0.9), scored(0.9, images=100), 1.0)
    assert "200 images of mIoU against 100 of mIoU" in judgement.reason
    assert judgement.change_points is None


def test_a_fall_of_exactly_the_limit_passes():
    old, new = scored(0.9), scored(0.8, name="b")
    fall = -judge_accuracy(old, new, 0.0).change_points.value
    assert judge_accuracy(old, new, fall).verdict == "unchanged"
    assert judge_accuracy(old, new, fall * 0.999).verdict == "regressed"


def test_points_are_hundredths():
    points = in_points(Interval(value=0.01, low=-0.02, high=0.5))
    assert (points.value, points.low, points.high) == (1.0, -2.0, 50.0)


def latency(middle: float, rounds: int = 12) -> Latency:
    rng = np.random.default_rng(int(middle * 10))
    samples = tuple(tuple(float(v) for v in rng.normal(middle, 0.1, 10)) for _ in range(rounds))
    return Latency(target="t", rounds_ms=samples, warmup_runs=10, peak_memory_bytes=1)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (10.0, 5.0, "improved"),
        (5.0, 10.0, "regressed"),
        (10.0, 10.02, "unchanged"),
    ],
)
def test_latency_informs(old, new, verdict):
    assert judge_latency(latency(old), latency(new)).verdict == verdict


def test_latencies_of_other_rounds_are_incomparable():
    assert judge_latency(latency(5.0), latency(5.0, rounds=9)).verdict == "incomparable"


def test_a_fall_that_misses_the_limit_by_rounding_alone_passes():
    old, new = scored(0.9), scored(0.8, name="b")
    fall = -judge_accuracy(old, new, 0.0).change_points.value
    assert judge_accuracy(old, new, fall - 1e-12).verdict == "unchanged"
    assert judge_accuracy(old, new, fall - 1e-6).verdict == "regressed"


@pytest.mark.parametrize(
    ("limit", "words"),
    [(1.0, "fell by 15.15 points, limit 1"), (15.15, "fell by 15.152 points, limit 15.15")],
)
def test_a_fall_is_told_with_as_many_digits_as_set_it_apart_from_the_limit(limit, words):
    judgement = judge_accuracy(scored(0.9), scored(0.8, name="b"), limit)
    assert (judgement.verdict, judgement.reason) == ("regressed", words)


@pytest.mark.parametrize(("images", "certain"), [(1, False), (5, False), (6, True)])
def test_of_a_handful_of_images_nothing_is_certain(images, certain):
    good, bad = scored(0.9, images), scored(0.5, images, name="b")
    fall, rise = judge_accuracy(good, bad, 1.0), judge_accuracy(bad, good, 1.0)
    assert fall.verdict == ("regressed" if certain else "inconclusive")
    assert rise.verdict == ("improved" if certain else "unchanged")
    assert ("fewer than 6 images: measure more images" in fall.reason) == (not certain)


@pytest.mark.parametrize(("share", "plausible"), [(1.0, True), (0.75, True), (0.0, False)])
def test_absent_classes_make_no_baseline_implausible_and_none_plausible(share, plausible):
    """Of 150 classes 30 occur; whoever finds the first alone is right about all that do not."""
    truth = np.zeros((8, 150), np.int64)
    truth[:, :30] = 1000
    hit = (truth * share).astype(np.int64)
    hit[:, 0] = 1000
    found = hit.copy()
    if share:
        found[0, 100:] = 5
    else:
        found[:, 0] = 30_000
    statistics = SegmentationStatistics(np.stack([hit, found, truth], axis=1), absent=1)
    accuracy = scored(0.9).accuracy.model_copy(update={"chance": statistics.chance()})
    model = Scored(accuracy, statistics, "a")
    assert (implausible(by_occurring(model)) is None) == plausible
