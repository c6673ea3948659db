"""Channel pruning: what can be removed goes, and what cannot is named."""

import re

import pytest

from core.errors import JobFailure

HALF = {"ChannelPrune": {"pruned_ratio": 0.5}, "Distillation": {}}


def names_of(remarks):
    """The layers whose channels stay, by reason."""
    pattern = r"channels kept of \d+ convolutions?, since (.*): (.*)"
    matches = [re.fullmatch(pattern, remark) for remark in remarks]
    return {match[1]: set(match[2].split(", ")) for match in matches if match}


@pytest.mark.parametrize("criterion", ["l1_norm", "bn_scale", "geometry_median"])
def test_channel_pruning_leaves_fewer_channels(bench, criterion):
    (made,) = bench.compress(
        {"ChannelPrune": {"pruned_ratio": 0.5, "criterion": criterion}, "Distillation": {}}
    )
    before, after = made["effects"]["flops"]
    assert after < 0.8 * before


def test_reshaped_channels_stay_and_the_others_go(bench):
    """PP-YOLOE's head ended in "can only be pruned at channel axis"."""
    model = bench.export("distribution")
    (made,) = bench.compress(HALF, model, model)
    before, after = made["effects"]["flops"]
    pixels = 32 * 32
    others = pixels * 4 * 16
    assert before == pixels * 8 * 27 + pixels * 8 * 64 + others
    assert after == pixels * 4 * 27 + pixels * 4 * 64 + others
    assert names_of(made["remarks"]) == {
        "reshape2 reshapes them": {"boxes.weight"},
        "they are compared with the teacher's": {"expectation.weight"},
    }


def test_each_kept_convolution_is_named_with_the_reason(bench):
    model = bench.export("mixed")
    (made,) = bench.compress(HALF, model, model)
    assert names_of(made["remarks"]) == {
        "group_norm normalises them": {"grouped.weight"},
        "transpose2 moves them": {"layered.weight"},
        "softmax normalises them": {"attended.weight"},
        "concat joins them": {"joined.weight"},
        "split divides them": {"split.weight"},
        "they are compared with the teacher's": {"head.weight"},
    }


def test_ratios_belong_to_the_filters_that_they_are_listed_with(bench):
    """ACT gives them to the filters in the program's order."""
    layers = bench.layers(bench.model)
    names = [layers["body.weight"], layers["stem.weight"]]
    section = {"pruned_ratio": [0.75, 0.25], "prune_params_name": names}
    (made,) = bench.compress({"ChannelPrune": section, "Distillation": {}})
    shapes = bench.shapes(made["out"])
    assert [shapes[name][0] for name in names] == [4, 6]


def test_a_model_without_a_removable_channel_is_refused_with_every_reason(bench):
    model = bench.export("flat")
    with pytest.raises(JobFailure, match="no convolution whose channels can be removed") as caught:
        bench.compress(HALF, model, model)
    assert "stem.weight" in caught.value.message


def test_a_named_convolution_that_cannot_be_pruned_is_named(bench):
    model = bench.export("distribution")
    names = sorted(bench.layers(model)[name] for name in ("free.weight", "boxes.weight"))
    section = {"pruned_ratio": 0.5, "prune_params_name": names}
    (made,) = bench.compress({**HALF, "ChannelPrune": section}, model, model)
    assert names_of(made["remarks"]) == {"reshape2 reshapes them": {"boxes.weight"}}


def test_as_many_ratios_as_names_are_needed(bench):
    name = bench.layers(bench.model)["stem.weight"]
    section = {"pruned_ratio": [0.5, 0.5], "prune_params_name": [name]}
    with pytest.raises(JobFailure, match="2 ratios for 1 parameters"):
        bench.compress({**HALF, "ChannelPrune": section})
