"""SG504: ops that oneDNN computes by its reference kernels."""

import pytest

from compress.doctor.rules.sg504_reference_kernels import RULE, SLOW
from tests.compress.doctor.rules import GRAPH, PTQ, findings, messages

OPS = {**GRAPH, "ops": {"conv2d": 9, "softmax": 3, "reduce_mean": 4}}


def test_the_op_types_of_the_model_are_named_slowest_first():
    ((place, message),) = messages(RULE, PTQ, graph=OPS, **SLOW)
    assert place is None
    assert message == (
        "oneDNN's reference kernels take 57% of its time (reduction 30%, softmax 27%): leave "
        "reduce_mean, softmax to Paddle's own kernels"
    )


def test_what_takes_no_time_or_does_not_occur_is_not_named():
    shares = {"reduction": 0.5, "softmax": 0.001, "resampling": 0.2}
    ((_, message),) = messages(RULE, PTQ, graph=OPS, result={"fallbacks": shares})
    assert message.endswith(
        "50% of its time (reduction 50%): leave reduce_mean to Paddle's own kernels"
    )
    others = {**GRAPH, "ops": {"conv2d": 9, "max": 1}}
    assert findings(RULE, PTQ, graph=others, result={"fallbacks": shares}) == []


def test_without_the_graph_every_op_type_of_the_primitive_is_named():
    ((_, message),) = messages(RULE, PTQ, **SLOW)
    assert "leave reduce_mean, reduce_sum, reduce_max, reduce_min, softmax to" in message


@pytest.mark.parametrize(
    ("shares", "target", "said"),
    [
        ({"softmax": 0.1}, "cpu-onednn-int8", True),
        ({"softmax": 0.06, "reduction": 0.05}, "cpu-onednn-bf16", True),
        ({"softmax": 0.09}, "cpu-onednn-int8", False),
        ({"softmax": 0.5}, "cpu-openvino-int8", False),
        ({"prelu": 0.5}, "cpu-onednn-int8", False),
        ({"binary": 0.5}, "cpu-onednn-int8", False),
        ({}, "cpu-onednn-int8", False),
    ],
)
def test_a_tenth_of_the_time_on_onednn_is_worth_a_note(shares, target, said):
    facts = {"result": {"fallbacks": shares}, "target": {"name": target}}
    assert bool(findings(RULE, PTQ, **facts)) == said
