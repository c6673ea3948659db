"""SG404: validation images that are preprocessed differently from training images."""

import pytest

from compress.doctor.rules.sg404_preprocessing_differs import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def test_both_orders_of_steps_are_shown():
    data = {"training": ("mean=[0.5]", "RGB"), "evaluation": ()}
    message = (
        "images are normalised differently; training: mean=[0.5], then RGB; validation: nothing"
    )
    assert messages(RULE, PTQ, data=data) == [(None, message)]


def test_the_order_of_steps_matters():
    assert len(findings(RULE, PTQ, data={"training": ("a", "b"), "evaluation": ("b", "a")})) == 1


@pytest.mark.parametrize(
    "data", [{"training": ("a",), "evaluation": ("a",)}, {"training": ("a",)}, {"evaluation": ()}]
)
def test_equal_and_unknown_steps_pass(data):
    assert findings(RULE, PTQ, data=data) == []
