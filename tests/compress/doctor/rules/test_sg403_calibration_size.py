"""SG403: calibration images of another size than those at inference."""

import pytest

from compress.doctor.rules.sg403_calibration_size import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def test_the_first_size_is_named_height_first():
    data = {"calibration_sizes": ((32, 64), (33, 65)), "export_size": (64, 32)}
    message = "calibrated on images of 32×64, but the model runs on 64×32"
    assert messages(RULE, PTQ, data=data) == [(None, message)]


@pytest.mark.parametrize(
    "data",
    [
        {"calibration_sizes": ((32, 64), (64, 32)), "export_size": (64, 32)},
        {"calibration_sizes": ((32, 64),)},
        {"export_size": (64, 32)},
    ],
)
def test_one_image_of_the_right_size_or_an_unknown_size_passes(data):
    assert findings(RULE, PTQ, data=data) == []
