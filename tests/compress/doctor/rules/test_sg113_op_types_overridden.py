"""SG113: op types that another key overrides."""

import pytest

from compress.doctor.rules.sg113_op_types_overridden import RULE
from tests.compress.doctor.rules import findings, messages


@pytest.mark.parametrize(
    ("section", "key", "meaning"),
    [
        (
            "QuantAware",
            "for_tensorrt",
            "mul, conv2d, pool2d, depthwise_conv2d, elementwise_add, leaky_relu",
        ),
        ("QuantPost", "is_full_quantize", "every op type that can be quantised"),
    ],
)
def test_the_message_says_what_is_quantised_instead(section, key, meaning):
    text = f"{section}:\n  {key}: true\n  quantize_op_types: [conv2d]\n"
    assert messages(RULE, text) == [(3, f"{key} replaces quantize_op_types with {meaning}")]


@pytest.mark.parametrize(
    "lines",
    [
        "for_tensorrt: true",
        "for_tensorrt: false\n  quantize_op_types: [conv2d]",
        "for_tensorrt: true\n  quantize_op_types: []",
    ],
)
def test_one_key_alone_passes(lines):
    assert findings(RULE, f"QuantAware:\n  {lines}\n") == []
