"""What is kept of a training: its steps in words, its curve, and whether it went wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.artifacts.training_log import (
    Curve,
    Step,
    curve_of,
    fell_into_poor_optimum,
    final_loss,
    lowest_at_first,
)

FALLING = [0.137, 0.04, 0.018, 0.0195] + [0.0135] * 16


@pytest.mark.parametrize(
    ("losses", "poor"),
    [
        (FALLING, False),
        (FALLING[::-1], True),
        ([0.0022, 0.03] + [0.05] * 18, True),  # shoots up in the first steps and stays there
        ([0.02, 0.04] * 10, False),  # batches differ
        ([0.6, 0.05, 0.58, 0.55] + [0.3] * 16, False),  # one easy batch among the first
        ([0.0] * 20, False),  # a student that is its teacher
        ([0.1, 0.5], False),  # too few to say
    ],
)
def test_a_training_that_ends_worse_than_it_began(losses, poor):
    assert fell_into_poor_optimum(losses) is poor


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"step": 20, "steps": 100}, "training 20/100"),
        ({"step": 20, "steps": 100, "losses": {"loss": 0.12345}}, "training 20/100, loss 0.1235"),
        ({"step": 1, "steps": 2, "left_s": 40.4}, "training 1/2, 40 s left"),
        ({"step": 0, "steps": 0, "left_s": 0}, "training, 0 s left"),
    ],
)
def test_a_step_is_a_line_of_text(fields, text):
    assert str(Step(doing="training", **fields)) == text


def test_a_curve_has_a_value_for_each_step_and_loss():
    steps = [
        Step(doing="training", step=n, steps=3, losses={"loss": 1 / n, "l2": 0.5 / n})
        for n in (1, 2)
    ]
    assert curve_of(steps) == Curve(steps=(1, 2), losses={"loss": (1.0, 0.5), "l2": (0.5, 0.25)})
    assert curve_of([]) == Curve()


def test_the_ends_of_a_training_are_its_fifths_and_at_least_two_steps():
    losses = [float(n) for n in range(20)]
    assert (lowest_at_first(losses[::-1]), final_loss(losses)) == (16.0, 17.5)
    assert (lowest_at_first([3.0, 2.0, 1.0]), final_loss([3.0, 2.0, 1.0])) == (2.0, 1.5)


@given(st.lists(st.floats(0.01, 100), min_size=10, max_size=60))
def test_a_loss_that_never_rises_is_not_poor(losses):
    assert not fell_into_poor_optimum(sorted(losses, reverse=True))


@given(st.lists(st.floats(0.01, 100), min_size=10, max_size=60), st.integers(-9, 9))
def test_the_scale_of_a_loss_does_not_matter(losses, exponent):
    scaled = [loss * 2.0**exponent for loss in losses]
    assert fell_into_poor_optimum(losses) is fell_into_poor_optimum(scaled)
