"""SG203: depthwise convolutions quantised in a small network."""

import pytest

from compress.doctor.rules.sg203_small_network import RULE
from tests.compress.doctor.rules import GRAPH, PTQ, findings, messages


def network(weights, depthwise, plain):
    return {**GRAPH, "weights": weights, "ops": {"depthwise_conv2d": depthwise, "conv2d": plain}}


SMALL = network(1_999_999, 25, 75)


def test_the_message_counts_and_points_at_the_section_that_takes_the_default():
    ((line, message),) = messages(RULE, PTQ, graph=SMALL)
    assert line == 1
    assert message.startswith("25 of 100 convolutions of this small network (2.0 million weights)")


def test_a_list_of_op_types_is_the_culprit_where_there_is_one():
    text = "QuantAware:\n  weight_bits: 8\n  quantize_op_types: [depthwise_conv2d]\n"
    assert [line for line, _ in messages(RULE, text, graph=SMALL)] == [3]


def test_a_network_may_have_depthwise_convolutions_only():
    graph = {**GRAPH, "weights": 1, "ops": {"depthwise_conv2d": 1}}
    assert messages(RULE, PTQ, graph=graph)[0][1].startswith("1 of 1 convolutions")
    assert findings(RULE, PTQ, graph={**GRAPH, "weights": 1}) == []


@pytest.mark.parametrize(
    "graph", [network(2_000_000, 25, 75), network(1, 24, 76), network(1, 0, 0)]
)
def test_large_networks_and_those_with_few_depthwise_convolutions_pass(graph):
    assert findings(RULE, PTQ, graph=graph) == []


@pytest.mark.parametrize(
    "text", ["QuantPost:\n  quantize_op_types: [conv2d]\n", "Distillation:\n  loss: l2\n"]
)
def test_recipes_that_leave_them_in_fp32_pass(text):
    assert findings(RULE, text, graph=SMALL) == []
