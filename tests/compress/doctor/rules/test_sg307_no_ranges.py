"""SG307: layers that TensorRT cannot run in int8."""

import pytest

from compress.doctor.rules.sg307_no_ranges import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def test_layers_without_ranges_are_counted():
    ((_, message),) = messages(RULE, PTQ, target={"name": "gpu-trt-int8", "ranges": (31, 48)})
    assert message.startswith("17 of 48 convolutions and matrix products have no range")


@pytest.mark.parametrize(
    ("name", "ranges"),
    [("gpu-trt-int8", (48, 48)), ("gpu-trt-int8", None), ("gpu-trt-fp16", (31, 48))],
)
def test_other_targets_and_whole_models_pass(name, ranges):
    assert findings(RULE, PTQ, target={"name": name, "ranges": ranges}) == []
