"""SG117: metrics in points where ACT expects a fraction."""

import pytest

from compress.doctor.rules.sg117_metric_in_points import RULE
from tests.compress.doctor.rules import corrected, findings


@pytest.mark.parametrize(
    ("points", "fraction"), [("77.04", "0.7704"), ("10.1", "0.101"), ("100", "1.0"), ("20", "0.2")]
)
def test_points_become_a_fraction(points, fraction):
    text = f"TrainConfig:\n  target_metric: {points}\n"
    assert corrected(RULE, text) == f"TrainConfig:\n  target_metric: {fraction}\n"


@pytest.mark.parametrize("value", ["1.01", "1.5", "9.9"])
def test_a_metric_just_above_one_is_named_and_left(value):
    text = f"TrainConfig:\n  target_metric: {value}\n"
    (finding,) = findings(RULE, text)
    assert finding.message.startswith(f"target_metric: {value} is above 1; the suites return")
    assert finding.edits == ()


def test_both_metrics_are_found():
    text = "TrainConfig:\n  origin_metric: 50\n  target_metric: 49\n"
    assert [finding.line for finding in findings(RULE, text)] == [2, 3]


@pytest.mark.parametrize("value", ["1", "1.0", "0.7704", "0", "100.5", "true", "x"])
def test_fractions_pass_and_so_does_what_is_neither(value):
    assert findings(RULE, f"TrainConfig:\n  origin_metric: {value}\n") == []
