"""Every method on a small real network: it runs, and what it promises is counted in the result."""

import json
from pathlib import Path

import pytest

from core.errors import JobFailure

TRAIN = {"train_iter": 3, "learning_rate": 0.001}
CONVS = {"quantize_op_types": ["conv2d", "depthwise_conv2d"]}


def test_distillation_changes_weights_and_keeps_the_graph(bench):
    (made,) = bench.compress({"Distillation": {}})
    assert made["effects"] == {}
    assert made["curve"]["steps"] == [1, 2, 3]
    assert made["nodes"]


@pytest.mark.parametrize("network", ["convolutions", "feed_forward"])
def test_final_nodes_are_those_of_paddleslim(bench, network):
    model = bench.worker.call({"do": "export", "network": network}, 60)["model"]
    nodes = bench.worker.call({"do": "nodes", "model": model}, 60)
    assert nodes["ours"] == nodes["theirs"] != []


def test_groups_of_nodes_have_losses_of_their_own(bench):
    (first,) = bench.compress({"Distillation": {}})
    node = first["nodes"][0]
    groups = {"node": [[node], [node]], "loss": ["l2", "soft_label"], "alpha": [1.0, 0.5]}
    (made,) = bench.compress({"Distillation": groups})
    assert set(made["curve"]["losses"]) == {"loss", "l2", "soft_label"}


def test_several_teachers(bench):
    (first,) = bench.compress({"Distillation": {}})
    node = first["nodes"][0]
    section = {
        "node": [[f"teacher{n}_{node}", node] for n in (1, 2)],
        "loss": ["l2", "l2"],
        "alpha": [1.0, 1.0],
        "teacher_model_dir": [bench.model] * 2,
        "teacher_model_filename": ["model.pdmodel"] * 2,
        "teacher_params_filename": ["model.pdiparams"] * 2,
    }
    (made,) = bench.compress({"MultiTeacherDistillation": section})
    assert made["curve"]["losses"]["loss"]


@pytest.mark.parametrize("pact", [False, True])
def test_quantisation_aware_training(bench, pact):
    (made,) = bench.compress({"QuantAware": {**CONVS, "use_pact": pact}, "Distillation": {}})
    assert made["quantised"] == ["conv2d", "depthwise_conv2d"]


def test_a_skip_pattern_names_a_layer_of_the_suite(bench):
    section = {**CONVS, "not_quant_pattern": ["head"]}
    (made,) = bench.compress({"QuantAware": section, "Distillation": {}})
    assert "left in fp32 by 'head': head.weight" in " ".join(made["remarks"])
    (other,) = bench.compress(
        {"QuantAware": {**CONVS, "not_quant_pattern": ["tail"]}, "Distillation": {}}
    )
    assert "matches no layer" in other["remarks"][0]


@pytest.mark.parametrize("algo", ["abs_max", "avg", "hist", "mse", "ptf"])
def test_post_training_quantisation(bench, algo):
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2, "algo": algo}})
    assert made["quantised"] == ["conv2d", "depthwise_conv2d"]


@pytest.mark.parametrize("algo", ["abs_max", "avg", "hist", "mse", "KL"])
def test_what_is_infinite_in_a_later_batch_is_left_in_fp32(bench, algo):
    model = bench.worker.call({"do": "export", "network": "overflowing"}, 100)["model"]
    section = {**CONVS, "batch_nums": 8, "algo": algo}
    (made,) = bench.compress({"QuantPost": section}, model, model)
    assert made["quantised"] == ["conv2d"]
    assert "tensors were not calibrated" in made["remarks"][0]


def test_reconstruction(bench):
    section = {
        **CONVS,
        "batch_nums": 2,
        "algo": "abs_max",
        "recon_level": "layer-wise",
        "epochs": 1,
    }
    (made,) = bench.compress({"QuantPost": section})
    assert made["quantised"]


def test_what_quantises_nothing_is_a_failure(bench):
    with pytest.raises(JobFailure, match="nothing was quantised"):
        bench.compress({"QuantPost": {"quantize_op_types": ["mul"], "batch_nums": 2}})


@pytest.mark.parametrize("criterion", ["l1_norm", "bn_scale", "geometry_median"])
def test_channel_pruning_leaves_fewer_channels(bench, criterion):
    (made,) = bench.compress(
        {"ChannelPrune": {"pruned_ratio": 0.5, "criterion": criterion}, "Distillation": {}}
    )
    before, after = made["effects"]["flops"]
    assert after < 0.8 * before


def test_a_parameter_that_is_not_there_is_named(bench):
    section = {"pruned_ratio": 0.5, "prune_params_name": ["conv2d_9.w_0"]}
    with pytest.raises(JobFailure, match="did you mean conv2d_"):
        bench.compress({"ChannelPrune": section})


def test_dead_hidden_units_go_first(bench):
    model = bench.worker.call({"do": "export", "network": "feed_forward"}, 60)["model"]
    pruned = bench.worker.call({"do": "prune", "model": model, "ratio": 0.5}, 60)
    assert pruned["units"] == [[64, 32], [64, 32]]
    before, after = (
        bench.worker.call({"do": "run", "model": one}, 60)["output"]
        for one in (model, pruned["model"])
    )
    assert after == pytest.approx(before, abs=1e-5)


def test_transformer_pruning_leaves_fewer_units(bench):
    model = bench.worker.call({"do": "export", "network": "feed_forward"}, 60)["model"]
    document = {"TransformerPrune": {"pruned_ratio": 0.25}, "Distillation": {}}
    (made,) = bench.compress(document, model, teacher=model)
    assert made["remarks"][0] == "2 feed-forward blocks: 128 hidden units, 96 kept"
    before, after = made["effects"]["weights"]
    assert before - after == 2 * 16 * (16 + 16) + 16 * 3 * 3  # products, depthwise convolution


def test_a_network_without_feed_forward_blocks_is_told_so(bench):
    with pytest.raises(JobFailure, match="no feed-forward block"):
        bench.compress({"TransformerPrune": {"pruned_ratio": 0.5}, "Distillation": {}})


def test_asp_leaves_two_of_four(bench):
    (made,) = bench.compress({"ASPPrune": {}, "Distillation": {}})
    assert made["effects"]["zeros_2_4"][1] > 0.8


@pytest.mark.parametrize(
    ("section", "least"),
    [
        ({"prune_mode": "ratio", "ratio": 0.5}, 0.19),  # of the 1x1 convolutions
        ({"prune_mode": "ratio", "ratio": 0.5, "prune_params_type": None}, 0.4),
        ({"prune_mode": "threshold", "threshold": 0.1}, 0.05),
        ({"prune_strategy": "gmp", "ratio": 0.5, "prune_params_type": None}, 0.4),
    ],
)
def test_sparsity_is_there_at_the_end(bench, section, least):
    training = {**TRAIN, "train_iter": 40 if "prune_strategy" in section else 3}
    (made,) = bench.compress({"UnstructurePrune": section, "TrainConfig": training})
    assert made["effects"]["zeros"][1] > least


def test_gradual_pruning_needs_time(bench):
    with pytest.raises(JobFailure, match="at least 19 iterations"):
        bench.compress({"UnstructurePrune": {"prune_strategy": "gmp"}})


def test_zeros_survive_quantisation(bench):
    sparse = {"UnstructurePrune": {"prune_mode": "ratio", "ratio": 0.5}}
    first, second = bench.compress({**sparse, "QuantAware": CONVS})
    zeros = first["effects"]["zeros"][1]
    assert second["quantised"]
    assert second["effects"].get("zeros", (zeros, zeros))[1] >= zeros
    _, calibrated = bench.compress({**sparse, "QuantPost": {**CONVS, "batch_nums": 2}})
    assert calibrated["effects"].get("zeros", (zeros, zeros))[1] >= zeros


def test_fewer_channels_survive_quantisation(bench):
    pruned, quantised = bench.compress(
        {"ChannelPrune": {"pruned_ratio": 0.5}, "QuantPost": {**CONVS, "batch_nums": 2}}
    )
    assert quantised["quantised"]
    assert "flops" not in quantised["effects"]
    assert pruned["effects"]["weights"][1] < pruned["effects"]["weights"][0]


def test_whole_numbered_weights_are_moved(bench):
    model = bench.worker.call({"do": "export", "whole": True}, 60)["model"]
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert "1 whole-numbered weights nudged" in made["remarks"][0]


def test_the_export_knows_its_layers(bench):
    layers = json.loads((Path(bench.model) / "layers.json").read_text())
    assert "head.weight" in layers.values()
