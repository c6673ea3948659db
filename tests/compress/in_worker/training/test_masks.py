"""Zeros of a sparse model survive further training."""

from tests.compress.conftest import CONVS


def test_zeros_survive_quantisation(bench):
    sparse = {"UnstructurePrune": {"prune_mode": "ratio", "ratio": 0.5}}
    first, second = bench.compress({**sparse, "QuantAware": CONVS})
    zeros = first["effects"]["zeros"][1]
    assert second["quantised"]
    assert second["effects"].get("zeros", (zeros, zeros))[1] >= zeros
    _, calibrated = bench.compress({**sparse, "QuantPost": {**CONVS, "batch_nums": 2}})
    assert calibrated["effects"].get("zeros", (zeros, zeros))[1] >= zeros
