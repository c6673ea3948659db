"""SG112: training that ends before its first evaluation."""

import pytest

from compress.doctor.rules.sg112_never_evaluated import RULE
from tests.compress.doctor.rules import findings, messages


def test_an_interval_beyond_the_end_is_found_at_its_line():
    text = "TrainConfig:\n  train_iter: 100\n  eval_iter: 101\n"
    ((line, message),) = messages(RULE, text)
    assert line == 3
    assert message.startswith("ACT evaluates every 101 iterations, but training ends after 100")


def test_the_default_interval_is_found_at_the_iterations():
    ((line, message),) = messages(RULE, "TrainConfig:\n  train_iter: 999\n")
    assert (line, "every 1000 iterations" in message) == (2, True)


@pytest.mark.parametrize(
    "lines", ["train_iter: 1000", "train_iter: 100\n  eval_iter: 100", "epochs: 1", "train_iter: x"]
)
def test_one_evaluation_or_an_unknown_end_passes(lines):
    assert findings(RULE, f"TrainConfig:\n  {lines}\n") == []
