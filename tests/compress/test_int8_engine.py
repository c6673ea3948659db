"""What the engine makes of quantised networks: what runs in int8 there, and what stays in fp32."""

import numpy as np
import pytest

CONVS = {"quantize_op_types": ["conv2d", "depthwise_conv2d"]}


def require_same_output(bench, model, made):
    """In int8 the engine computes nearly what it does in fp32."""
    before, after = (
        np.array(bench.worker.call({"do": "infer", "model": of, "target": target}, 60)["output"])
        for of, target in ((model, "cpu-onednn-fp32"), (made["out"], "cpu-onednn-int8"))
    )
    assert np.abs(after - before).max() < 0.1 * np.abs(before).max()


@pytest.mark.parametrize("section", ["QuantPost", "QuantAware"])
def test_what_the_recipe_leaves_in_fp32_runs_in_fp32(bench, section):
    batches = {"batch_nums": 2} if section == "QuantPost" else {}
    made = {}
    for types in (["conv2d", "depthwise_conv2d"], ["conv2d"]):
        (answer,) = bench.compress({section: {"quantize_op_types": types, **batches}})
        request = {"do": "count", "model": answer["out"], "op_types": ["conv2d", "fused_conv2d"]}
        made[len(types)] = bench.worker.call(request, 60)
    assert made[2]["low"] == made[2]["every"] == 4
    assert made[1] == {"low": 3, "every": 4}


QUANTISERS: list[dict[str, object]] = [
    {"QuantAware": {**CONVS, "not_quant_pattern": []}, "Distillation": {}},
    {"QuantPost": {**CONVS, "batch_nums": 2}},
    {"QuantAware": CONVS, "Distillation": {}},
]


@pytest.mark.parametrize("document", QUANTISERS)
def test_branches_stay_in_fp32_and_the_engine_computes_the_same(bench, document):
    model = bench.worker.call({"do": "export", "network": "branch"}, 60)["model"]
    (made,) = bench.compress(document, model, model)
    assert "ops in branches left in fp32: 1" in made["remarks"][0]
    request = {"do": "count", "model": made["out"], "op_types": ["conv2d", "fused_conv2d"]}
    assert bench.worker.call(request, 60) == {"low": 1, "every": 2}
    require_same_output(bench, model, made)


@pytest.mark.parametrize("document", QUANTISERS)
def test_batch_norms_behind_biases_are_folded_in_int8(bench, document):
    model = bench.worker.call({"do": "export", "network": "biased"}, 60)["model"]
    (made,) = bench.compress(document, model, model)
    assert "1 biases moved into the batch norms behind them" in " ".join(made["remarks"])
    request = {"do": "count", "model": made["out"], "op_types": ["conv2d", "fused_conv2d"]}
    assert bench.worker.call({**request, "of": "batch_norm"}, 60)["every"] == 0
    require_same_output(bench, model, made)


def test_a_bias_that_is_distilled_from_stays(bench):
    model = bench.worker.call({"do": "export", "network": "biased"}, 60)["model"]
    section = {"node": ["conv2d_0.tmp_1", "conv2d_1.tmp_0"], "loss": "l2", "alpha": 1.0}
    (made,) = bench.compress({"QuantAware": CONVS, "Distillation": section}, model, model)
    assert made["nodes"] == ["conv2d_0.tmp_1", "conv2d_1.tmp_0"]
    assert "biases" not in " ".join(made["remarks"])


def test_depthwise_convolutions_with_multipliers_stay_in_fp32(bench):
    model = bench.worker.call({"do": "export", "network": "biased"}, 60)["model"]
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert "with several outputs per channel left in fp32: 1" in " ".join(made["remarks"])
    request = {"do": "count", "model": made["out"], "op_types": ["conv2d", "fused_conv2d"]}
    assert bench.worker.call(request, 60) == {"low": 2, "every": 3}


def test_one_dimensional_convolutions_run_in_int8(bench):
    """Their filters are computed, too, but only reshaped."""
    model = bench.worker.call({"do": "export", "network": "flat"}, 60)["model"]
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert made["remarks"] == []
    request = {"do": "count", "model": made["out"], "op_types": ["conv2d", "fused_conv2d"]}
    assert bench.worker.call(request, 60) == {"low": 2, "every": 2}


@pytest.mark.parametrize("document", QUANTISERS)
def test_computed_filters_stay_in_fp32(bench, document):
    model = bench.worker.call({"do": "export", "network": "computed"}, 60)["model"]
    (made,) = bench.compress(document, model, model)
    assert made["remarks"] == ["convolutions with computed filters left in fp32: 1"]


def test_distillation_says_nothing_of_branches(bench):
    model = bench.worker.call({"do": "export", "network": "branch"}, 60)["model"]
    (made,) = bench.compress({"Distillation": {}}, model, model)
    assert made["remarks"] == []


def test_a_kernel_left_out_runs_elsewhere(bench):
    """``set_mkldnn_op`` takes what oneDNN may run; the result stays."""
    request = {"do": "infer", "model": bench.model, "target": "cpu-onednn-fp32"}
    whole = bench.worker.call(request, 60)["output"]
    without = bench.worker.call({**request, "left_out": ["add", "relu"]}, 60)["output"]
    assert np.allclose(whole, without, atol=1e-5)
