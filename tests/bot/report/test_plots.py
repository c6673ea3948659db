"""Coordinates of the plots stay on the paper, whatever is drawn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import Interval
from bot.report.plots import (
    LEFT,
    MAX_DOTS,
    RIGHT,
    WIDTH,
    accuracy_plot,
    latency_plot,
    nice_ticks,
)
from tests.bot.report.builders import make_report


@pytest.fixture(scope="module")
def variants(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("results")).cases[0].variants


def test_each_variant_has_a_row_with_its_median(variants):
    plot = latency_plot(variants)
    assert [row.label for row in plot.rows] == ["base fp32", "base qat", "head fp32", "head qat"]
    assert plot.rows[0].text == f"{variants[0].latency_ms.value:.2f} ms"
    assert all(row.low <= row.middle <= row.high for row in plot.rows)
    assert plot.rows[1].middle < plot.rows[0].low  # compressed is faster: further left


def test_rows_lie_below_one_another_above_the_axis(variants):
    plot = latency_plot(variants)
    heights = [row.y for row in plot.rows]
    assert heights == sorted(set(heights))
    assert heights[-1] < plot.axis_y < plot.height


def test_accuracy_has_no_dots_and_names_its_metric(variants):
    plot = accuracy_plot(variants)
    assert plot.title == "mIoU in points, with 95 % intervals"
    assert all(row.dots == () for row in plot.rows)


def test_without_numbers_there_is_no_plot(variants):
    bare = [v.model_copy(update={"accuracy_points": None, "latency_ms": None}) for v in variants]
    assert (accuracy_plot(bare), latency_plot(bare)) == (None, None)
    assert (accuracy_plot([]), latency_plot([])) == (None, None)


def test_the_same_model_is_drawn_once(variants):
    same = [variants[0], variants[1].model_copy(update={"same_as": "base fp32"})]
    assert [row.label for row in latency_plot(same).rows] == ["base fp32"]
    assert [row.label for row in accuracy_plot(same).rows] == ["base fp32"]


@given(
    st.lists(st.lists(st.floats(0.001, 10_000), min_size=1, max_size=60), min_size=1, max_size=12)
)
def test_dots_are_thinned_and_stay_between_the_margins(variants, rounds):
    samples = sorted(ms for turn in rounds for ms in turn)
    median = Interval(value=samples[len(samples) // 2], low=samples[0], high=samples[-1])
    changes = {"rounds_ms": tuple(map(tuple, rounds)), "latency_ms": median}
    plot = latency_plot([variants[0].model_copy(update=changes)])
    (row,) = plot.rows
    assert 0 < len(row.dots) <= MAX_DOTS
    for x in (row.low, row.middle, row.high, *(x for x, _ in row.dots)):
        assert LEFT <= x <= WIDTH - RIGHT
    for _, y in row.dots:
        assert 0 < y < plot.axis_y


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_evenly_spaced_between_the_ends(low, span):
    ticks = nice_ticks(low, low + span)
    assert 1 <= len(ticks) <= 5
    assert all(low - 1e-6 <= tick <= low + span + 1e-6 for tick in ticks)
    steps = [b - a for a, b in pairwise(ticks)]
    assert steps == pytest.approx([steps[0]] * len(steps)) if steps else True


def test_ticks_are_round_numbers():
    assert nice_ticks(0, 10) == [0, 2.5, 5, 7.5, 10]
    assert nice_ticks(3.9, 4.31) == [4.0, 4.2]
    assert nice_ticks(-1, 1) == [-1, -0.5, 0, 0.5, 1]
