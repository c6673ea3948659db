"""Channel pruning."""

import pytest


@pytest.mark.parametrize("criterion", ["l1_norm", "bn_scale", "geometry_median"])
def test_channel_pruning_leaves_fewer_channels(bench, criterion):
    (made,) = bench.compress(
        {"ChannelPrune": {"pruned_ratio": 0.5, "criterion": criterion}, "Distillation": {}}
    )
    before, after = made["effects"]["flops"]
    assert after < 0.8 * before
