"""SG502: accuracy near chance."""

import pytest

from compress.doctor.rules.sg502_near_chance import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def test_only_the_first_side_near_chance_is_reported():
    result = {"accuracy_before": 0.26, "accuracy_after": 0.2, "chance": 0.25}
    message = "fp32 reaches 26.00 points, no better than ignoring the image (25.00)"
    assert messages(RULE, PTQ, result=result) == [(None, message)]


def test_a_compressed_model_near_chance_is_reported_as_such():
    ((_, message),) = messages(RULE, PTQ, result={"accuracy_before": 0.7, "accuracy_after": 0.01})
    assert message.startswith("compressed reaches 1.00 points")


@pytest.mark.parametrize(
    "result", [{}, {"accuracy_before": 0.02}, {"accuracy_after": 0.28, "chance": 0.25}]
)
def test_two_points_above_chance_and_unmeasured_accuracy_pass(result):
    assert findings(RULE, PTQ, result=result) == []
