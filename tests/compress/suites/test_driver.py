"""Samples are spread evenly over a data set, and the same ones every time."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.suites.driver import spread


@pytest.mark.parametrize(
    ("count", "limit", "indices"),
    [
        (4, None, [0, 1, 2, 3]),
        (4, 4, [0, 1, 2, 3]),
        (4, 9, [0, 1, 2, 3]),
        (4, 2, [0, 2]),
        (10, 4, [0, 2, 5, 7]),
        (4, 0, []),
        (0, None, []),
        (0, 3, []),
    ],
)
def test_at_most_the_limit_is_taken(count, limit, indices):
    assert spread(count, limit) == indices


@given(st.integers(1, 10_000), st.integers(1, 500))
def test_indices_are_valid_distinct_and_evenly_apart(count, limit):
    indices = spread(count, limit)
    assert len(indices) == min(count, limit)
    assert indices[0] == 0
    assert indices[-1] < count
    gaps = {after - before for before, after in itertools.pairwise(indices)}
    assert not gaps or (min(gaps) >= 1 and max(gaps) - min(gaps) <= 1)
