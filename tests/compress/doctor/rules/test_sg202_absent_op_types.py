"""SG202: op types that the export does not contain."""

import pytest

from compress.doctor.rules.sg202_absent_op_types import RULE
from tests.compress.doctor.rules import GRAPH, findings, messages

OPS = {**GRAPH, "ops": {"conv2d": 2, "matmul_v2": 1, "feed": 1}}


def test_the_message_lists_what_could_be_quantised():
    text = "QuantAware:\n  quantize_op_types: [mul, matmul]\n"
    message = "the export has no mul, matmul: nothing would be quantised; it has conv2d, matmul_v2"
    assert messages(RULE, text, graph=OPS) == [(2, message)]


def test_at_most_eight_op_types_are_listed():
    ops = dict.fromkeys(["abs", "cast", "clip", "equal", "gelu", "mean", "norm", "relu", "tanh"], 1)
    text = "QuantPost:\n  quantize_op_types: [mul]\n"
    ((_, message),) = messages(RULE, text, graph={**GRAPH, "ops": ops})
    assert message.endswith("it has abs, cast, clip, equal, gelu, mean, norm, relu")


@pytest.mark.parametrize("value", ["[mul, conv2d]", "[]", "null", "conv2d"])
def test_one_type_of_the_export_is_enough(value):
    assert findings(RULE, f"QuantPost:\n  quantize_op_types: {value}\n", graph=OPS) == []
