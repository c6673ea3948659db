"""SG119: op types that PaddleSlim cannot quantise."""

import pytest

from compress.doctor.rules.sg119_unknown_op_type import RULE
from tests.compress.doctor.rules import corrected, findings, messages


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Conv2D", "conv2d"),
        ("'Pool2D'", "'pool2d'"),
        ("depthwise_conv", "depthwise_conv2d"),
    ],
)
def test_the_same_name_in_other_letters_is_put_in(written, meant):
    text = f"QuantAware:\n  quantize_op_types:\n  - mul\n  - {written}  # x\n"
    ((line, message),) = messages(RULE, text)
    bare = written.strip("'"), meant.strip("'")
    assert (line, message) == (
        4,
        f"PaddleSlim cannot quantise {bare[0]!r}; did you mean {bare[1]}?",
    )
    assert corrected(RULE, text) == text.replace(written, meant)


@pytest.mark.parametrize(
    ("op_type", "near"),
    [
        ("conv3d", "conv2d"),
        ("elementwise_max", "elementwise_mul"),
        ("reduce_min", "reduce_mean"),
        ("atanh", "tanh"),
        ("matmul_v3", "matmul_v2"),
    ],
)
def test_another_op_is_proposed_and_never_put_in(op_type, near):
    (finding,) = findings(RULE, f"QuantPost:\n  quantize_op_types: [{op_type}]\n")
    assert finding.message == f"PaddleSlim cannot quantise {op_type!r}; did you mean {near}?"
    assert finding.edits == ()


def test_no_op_is_listed_twice_by_a_fix():
    (finding,) = findings(RULE, "QuantPost:\n  quantize_op_types: [conv2d, Conv2D]\n")
    assert finding.edits == ()


def test_a_name_like_no_other_is_reported_without_a_proposal():
    (finding,) = findings(RULE, "QuantPost:\n  quantize_op_types: [zzzzzz]\n")
    assert (finding.message, finding.edits) == ("PaddleSlim cannot quantise 'zzzzzz'", ())


@pytest.mark.parametrize("value", ["[conv2d, pool2d]", "[]", "[1]", "conv2d", "null"])
def test_known_types_pass_and_other_values_are_left_to_the_schema(value):
    assert findings(RULE, f"QuantPost:\n  quantize_op_types: {value}\n") == []
