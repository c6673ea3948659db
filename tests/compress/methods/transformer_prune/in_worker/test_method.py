"""Transformer pruning."""

import pytest

from core.errors import JobFailure


def test_transformer_pruning_leaves_fewer_units(bench):
    model = bench.export("feed_forward")
    document = {"TransformerPrune": {"pruned_ratio": 0.25}, "Distillation": {}}
    (made,) = bench.compress(document, model, teacher=model)
    assert made["remarks"][0] == "2 feed-forward blocks: 128 hidden units, 96 kept"
    before, after = made["effects"]["weights"]
    assert before - after == 2 * 16 * (16 + 16) + 16 * 3 * 3  # products, depthwise convolution


def test_a_network_without_feed_forward_blocks_is_told_so(bench):
    with pytest.raises(JobFailure, match="no feed-forward block"):
        bench.compress({"TransformerPrune": {"pruned_ratio": 0.5}, "Distillation": {}})
