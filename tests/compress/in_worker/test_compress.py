"""The worker that compresses: what it counts and refuses."""

import pytest

from core.errors import JobFailure
from tests.compress.conftest import CONVS


def test_what_quantises_nothing_is_a_failure(bench):
    with pytest.raises(JobFailure, match="nothing was quantised"):
        bench.compress({"QuantPost": {"quantize_op_types": ["mul"], "batch_nums": 2}})


def test_fewer_channels_survive_quantisation(bench):
    pruned, quantised = bench.compress(
        {"ChannelPrune": {"pruned_ratio": 0.5}, "QuantPost": {**CONVS, "batch_nums": 2}}
    )
    assert quantised["quantised"]
    assert "flops" not in quantised["effects"]
    assert pruned["effects"]["weights"][1] < pruned["effects"]["weights"][0]
