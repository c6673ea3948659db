"""SG206: skip patterns that match no layer."""

import pytest

from compress.doctor.rules.sg206_idle_skip_pattern import RULE
from tests.compress.doctor.rules import GRAPH, QAT, findings, messages

LAYERS = {
    **GRAPH,
    "variables": ("conv2d_7.w_0",),
    "layers": {"a": "decoder.last_conv.weight", "b": "decoder.first_conv.bias"},
}


def test_each_idle_pattern_is_found_with_a_near_name():
    text = f"{QAT}  not_quant_pattern: [last_conf, decoder, zzz]\n"
    assert messages(RULE, text, graph=LAYERS) == [
        (3, "the skip pattern 'last_conf' matches no layer; did you mean last_conv or first_conv?"),
        (3, "the skip pattern 'zzz' matches no layer"),
    ]


@pytest.mark.parametrize(
    "value", ["decoder.last_conv", "[first]", "conv2d_7", "[skip_quant]", "[]", "null", "[1]"]
)
def test_parts_of_names_and_paddleslim_s_own_mark_pass(value):
    assert findings(RULE, f"{QAT}  not_quant_pattern: {value}\n", graph=LAYERS) == []


def test_the_name_of_a_parameter_within_its_layer_is_not_part_of_the_layer():
    assert len(findings(RULE, f"{QAT}  not_quant_pattern: weight\n", graph=LAYERS)) == 1
