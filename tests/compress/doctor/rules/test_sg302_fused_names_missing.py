"""SG302: fused convolutions left in fp32."""

import pytest

from compress.doctor.rules.sg302_fused_names_missing import RULE
from tests.compress.doctor.rules import PTQ, findings


def found(name, *op_types):
    return findings(RULE, PTQ, target={"name": name, "op_types": op_types})


@pytest.mark.parametrize("op_type", ["conv2d", "depthwise_conv2d"])
def test_either_convolution_needs_the_fused_name(op_type):
    (finding,) = found("cpu-onednn-int8", op_type)
    assert (finding.line, "stay in fp32" in finding.message) == (None, True)
    assert found("cpu-onednn-int8", op_type, "fused_conv2d") == []


def test_targets_without_convolutions_and_other_engines_pass():
    assert found("cpu-onednn-int8", "mul") == []
    assert found("gpu-trt-int8", "conv2d") == []
    assert findings(RULE, PTQ, target={"name": "cpu-onednn-int8"}) == []
