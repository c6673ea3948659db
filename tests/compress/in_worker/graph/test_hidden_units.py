"""Removing hidden units from feed-forward blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.in_worker.graph.hidden_units import _keeps_batch, kept_units, most_important


def test_dead_hidden_units_go_first(bench):
    model = bench.export("feed_forward")
    pruned = bench.worker.call({"do": "prune", "model": model, "ratio": 0.5}, 60)
    assert pruned["units"] == [[64, 32], [64, 32]]
    before, after = (
        bench.worker.call({"do": "run", "model": folder}, 60)["output"]
        for folder in (model, pruned["model"])
    )
    assert after == pytest.approx(before, abs=1e-5)


@pytest.mark.parametrize(
    ("units", "ratio", "kept"),
    [(64, 0.5, 32), (64, 0.0, 64), (64, 0.99, 8), (8, 0.9, 8), (64, 0.3, 48), (64, 0.25, 48)],
)
def test_a_multiple_of_eight_stays(units, ratio, kept):
    assert kept_units(units, ratio) == kept


@given(st.integers(1, 64), st.floats(0, 1, exclude_max=True))
def test_some_units_stay_and_never_more_than_there_are(eights, ratio):
    kept = kept_units(8 * eights, ratio)
    assert kept % 8 == 0
    assert 8 <= kept <= 8 * eights


def test_of_equal_units_the_first_stay_in_their_order():
    assert most_important(np.array([1.0, 3.0, 1.0, 2.0, 1.0]), 3).tolist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("before", "after", "keeps"),
    [
        ((-1, 16, 64), (-1, 64, 4, 4), True),
        ((2, 16, 64), (2, 64, 4, 4), True),
        ((-1, 16, 64), (1, 16, 64), False),
        ((-1, -1, 64), (-1, 16, 64), False),
        ((-1, 16, 64), (-1, 8, 64), False),
    ],
)
def test_only_the_batch_may_be_of_unknown_size(before, after, keeps):
    assert _keeps_batch(before, after) == keeps
