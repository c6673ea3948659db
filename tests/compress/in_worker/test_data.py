"""Batches of training data: the same seed gives the same ones, whatever else reads."""

import pytest

pytestmark = pytest.mark.paddle


def test_the_seed_decides_on_order_and_augmentation(read):
    first, again, changed = read(3, 0), read(3, 0), read(4, 0)
    assert first == again
    assert first["passes"] != changed["passes"]


def test_every_pass_has_every_sample_in_another_order(read):
    first, second = read(3, 0)["passes"]
    assert first != second
    for batches in (first, second):
        assert sorted(sample[0] for batch in batches for sample in batch) == list(range(12))


def test_threads_that_read_ahead_change_nothing_but_the_pass(read):
    """ACT starts several loaders; each takes a pass, and none disturbs another's draws."""
    alone = [read(3, 2)["again"] for _ in range(3)]
    assert alone[0] == alone[1] == alone[2]
