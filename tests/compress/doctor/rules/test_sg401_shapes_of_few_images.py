"""SG401: dynamic shapes collected on images that do not span the data."""

import pytest

from compress.doctor.rules.sg401_shapes_of_few_images import RULE
from tests.compress.doctor.rules import PTQ, findings, messages

TARGET = {"name": "gpu-trt-int8", "shape_range": ((10, 20), (30, 40))}


def data(*sizes, dynamic=True):
    return {"dynamic_shape": dynamic, "image_sizes": sizes}


def test_sizes_outside_the_range_are_listed_height_first():
    sizes = data((9, 20), (10, 20), (31, 40), (30, 41), (30, 19))
    message = (
        "shapes were collected from 10x20 to 30x40 pixels (height by width); the data has "
        "images of 9x20, 31x40, 30x41, 30x19"
    )
    assert messages(RULE, PTQ, target=TARGET, data=sizes) == [(None, message)]


@pytest.mark.parametrize("facts", [data((10, 20), (30, 40)), data((1, 1), dynamic=False), data()])
def test_the_limits_belong_to_the_range_and_fixed_shapes_need_none(facts):
    assert findings(RULE, PTQ, target=TARGET, data=facts) == []


@pytest.mark.parametrize("target", [{}, {"target": {"name": "gpu-trt-int8"}}])
def test_nothing_is_said_without_a_range(target):
    assert findings(RULE, PTQ, data=data((1, 1)), **target) == []
