"""SG402: too few images to calibrate on."""

import pytest

from compress.doctor.rules.sg402_few_calibration_images import RULE
from tests.compress.doctor.rules import PTQ, QAT, findings, messages


def test_seven_images_are_too_few():
    message = "calibrated on 7 images: the ranges of activations are left to chance"
    assert messages(RULE, PTQ, data={"images": 7}) == [(1, message)]


@pytest.mark.parametrize(("text", "images"), [(PTQ, 8), (PTQ, None), (QAT, 7)])
def test_eight_images_an_unknown_number_and_training_pass(text, images):
    assert findings(RULE, text, data={"images": images}) == []
