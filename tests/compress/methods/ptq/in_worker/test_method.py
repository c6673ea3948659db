"""Post-training quantisation with every algorithm, and by reconstruction."""

import pytest

from tests.compress.conftest import CONVS


@pytest.mark.parametrize("algo", ["abs_max", "avg", "hist", "mse", "ptf"])
def test_post_training_quantisation(bench, algo):
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2, "algo": algo}})
    assert made["quantised"] == ["conv2d", "depthwise_conv2d"]


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
