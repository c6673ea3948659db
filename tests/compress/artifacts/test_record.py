"""What is kept of an artifact: remarks in order, effects from the first step to the last."""

import pytest

from compress.artifacts.record import Made, combine_effects, with_remarks

PRUNED = {"flops": (100.0, 70.0), "zeros": (0.01, 0.02)}
QUANTISED = {"zeros": (0.02, 0.05)}


@pytest.mark.parametrize(
    ("first", "second", "combined"),
    [
        ({}, PRUNED, PRUNED),
        (PRUNED, {}, PRUNED),
        (PRUNED, QUANTISED, {"flops": (100.0, 70.0), "zeros": (0.01, 0.05)}),
        ({}, {}, {}),
    ],
)
def test_two_steps_are_counted_from_the_first_to_the_last(first, second, combined):
    assert combine_effects(first, second) == combined


def test_combining_changes_neither_of_the_two():
    first, second = dict(PRUNED), dict(QUANTISED)
    combine_effects(first, second)
    assert (first, second) == (PRUNED, QUANTISED)


def test_new_remarks_come_first():
    made = Made(remarks=("old",), seed=3)
    extended = with_remarks(made, ["new", "newer"])
    assert extended.remarks == ("new", "newer", "old")
    assert (extended.seed, made.remarks) == (3, ("old",))
