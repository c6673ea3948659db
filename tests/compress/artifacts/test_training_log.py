import pytest

from compress.artifacts.training_log import fell_into_poor_optimum

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
