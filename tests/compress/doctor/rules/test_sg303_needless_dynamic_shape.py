"""SG303: dynamic shape where preprocessing fixes the size."""

import pytest

from compress.doctor.rules.sg303_needless_dynamic_shape import RULE
from tests.compress.doctor.rules import PTQ, findings, messages

TARGET = {"name": "gpu-trt-fp16"}


def test_the_fixed_size_is_named_height_first():
    data = {"dynamic_shape": True, "fixed_size": (32, 64)}
    message = "every image is resized to 32×64: a dynamic shape is not needed"
    assert messages(RULE, PTQ, target=TARGET, data=data) == [(None, message)]


@pytest.mark.parametrize("data", [{"dynamic_shape": True}, {"fixed_size": (32, 64)}])
def test_images_of_several_sizes_and_fixed_exports_pass(data):
    assert findings(RULE, PTQ, target=TARGET, data=data) == []


def test_nothing_is_said_without_data():
    assert findings(RULE, PTQ, target=TARGET) == []
