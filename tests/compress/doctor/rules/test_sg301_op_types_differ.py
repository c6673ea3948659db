"""SG301: op types quantised at inference that were not trained quantised."""

import pytest

from compress.doctor.rules.sg301_op_types_differ import RULE
from tests.compress.doctor.rules import findings, messages


def target(*op_types, name="cpu-onednn-int8"):
    return {"name": name, "op_types": op_types}


CONV = "QuantAware:\n  quantize_op_types: [conv2d]\n"


def test_further_op_types_are_listed_in_order():
    message = "cpu-onednn-int8 also quantises fc, pool2d, which the recipe leaves in fp32"
    assert messages(RULE, CONV, target=target("pool2d", "conv2d", "fc")) == [(1, message)]


def test_no_list_means_every_op_type():
    message = "cpu-onednn-int8 also quantises every op type, which the recipe leaves in fp32"
    assert messages(RULE, CONV, target=target()) == [(1, message)]


@pytest.mark.parametrize(
    "facts",
    [
        target("conv2d", "fused_conv2d"),
        target("pool2d", name="cpu-onednn-fp32"),
        {"name": "cpu-onednn-int8"},
    ],
)
def test_fused_names_other_precisions_and_slimgate_s_own_choice_pass(facts):
    assert findings(RULE, CONV, target=facts) == []


def test_a_recipe_without_a_list_has_the_method_s_defaults():
    products = target("fc", "fused_matmul", "conv2d_transpose")
    assert findings(RULE, "QuantAware:\n", target=products) == []
    ((_, message),) = messages(RULE, "QuantPost:\n", target=products)
    assert "also quantises conv2d_transpose," in message
