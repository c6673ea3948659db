"""Layers that stay in fp32: by pattern, and where int8 fails or is slow."""

import pytest

from tests.compress.conftest import CONVS, QUANTISERS


def test_a_skip_pattern_names_a_layer_of_the_suite(bench):
    section = {**CONVS, "not_quant_pattern": ["head"]}
    (made,) = bench.compress({"QuantAware": section, "Distillation": {}})
    assert "left in fp32 by 'head': head.weight" in " ".join(made["remarks"])
    (other,) = bench.compress(
        {"QuantAware": {**CONVS, "not_quant_pattern": ["tail"]}, "Distillation": {}}
    )
    assert "matches no layer" in other["remarks"][0]


@pytest.mark.parametrize("document", QUANTISERS)
def test_branches_stay_in_fp32_and_the_engine_computes_the_same(bench, document):
    model = bench.export("branch")
    (made,) = bench.compress(document, model, model)
    assert "ops in branches left in fp32: 1" in made["remarks"][0]
    assert bench.count(made["out"]) == {"low": 1, "every": 2}
    bench.require_same_output(model, made["out"])


def test_depthwise_convolutions_with_multipliers_stay_in_fp32(bench):
    model = bench.export("biased")
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert "with several outputs per channel left in fp32: 1" in " ".join(made["remarks"])
    assert bench.count(made["out"]) == {"low": 2, "every": 3}


def test_one_dimensional_convolutions_run_in_int8(bench):
    """Their filters are computed, too, but only reshaped."""
    model = bench.export("flat")
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert made["remarks"] == []
    assert bench.count(made["out"]) == {"low": 2, "every": 2}


@pytest.mark.parametrize("document", QUANTISERS)
def test_computed_filters_stay_in_fp32(bench, document):
    model = bench.export("computed")
    (made,) = bench.compress(document, model, model)
    assert made["remarks"] == ["convolutions with computed filters left in fp32: 1"]


def test_distillation_says_nothing_of_branches(bench):
    model = bench.export("branch")
    (made,) = bench.compress({"Distillation": {}}, model, model)
    assert made["remarks"] == []
