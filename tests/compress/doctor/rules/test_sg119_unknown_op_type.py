"""SG119: op types that PaddleSlim cannot quantise."""

import pytest

from compress.doctor.rules.sg119_unknown_op_type import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_near_name_is_proposed_and_put_in():
    text = "QuantAware:\n  quantize_op_types:\n  - conv2d\n  - matmul_v3\n"
    assert messages(RULE, text) == [
        (4, "PaddleSlim cannot quantise 'matmul_v3'; did you mean matmul_v2?")
    ]
    assert corrected(RULE, text) == text.replace("matmul_v3", "matmul_v2")


def test_a_name_like_no_other_is_reported_without_a_proposal():
    (finding,) = findings(RULE, "QuantPost:\n  quantize_op_types: [zzzzzz]\n")
    assert (finding.message, finding.edits) == ("PaddleSlim cannot quantise 'zzzzzz'", ())


@pytest.mark.parametrize("value", ["[conv2d, pool2d]", "[]", "[1]", "conv2d", "null"])
def test_known_types_pass_and_other_values_are_left_to_the_schema(value):
    assert findings(RULE, f"QuantPost:\n  quantize_op_types: {value}\n") == []
