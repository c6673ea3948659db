"""SG304: TensorRT that is missing or too old."""

import pytest

from compress.doctor.rules.sg304_tensorrt import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def test_a_paddle_without_tensorrt_is_told_from_an_old_tensorrt():
    absent = {"name": "gpu-trt-fp16", "tensorrt": (0, 0, 0)}
    message = "gpu-trt-fp16 needs TensorRT, and this Paddle was built without it"
    assert messages(RULE, PTQ, target=absent) == [(None, message)]
    ((_, old),) = messages(RULE, PTQ, target={**absent, "tensorrt": (7, 2, 3)})
    assert old.startswith("TensorRT 7.2.3 is older than 8.0")


@pytest.mark.parametrize(
    ("name", "version"),
    [("gpu-trt-int8", (8, 0, 0)), ("cpu-onednn-int8", (0, 0, 0)), ("gpu-trt-int8", None)],
)
def test_recent_versions_other_engines_and_unknown_versions_pass(name, version):
    assert findings(RULE, PTQ, target={"name": name, "tensorrt": version}) == []
