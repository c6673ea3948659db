"""Biases that move into the batch norms behind them."""

import pytest

from tests.compress.conftest import CONVS, QUANTISERS


@pytest.mark.parametrize("document", QUANTISERS)
def test_batch_norms_behind_biases_are_folded_in_int8(bench, document):
    model = bench.export("biased")
    (made,) = bench.compress(document, model, model)
    assert "1 biases moved into the batch norms behind them" in " ".join(made["remarks"])
    assert bench.count(made["out"], of="batch_norm")["every"] == 0
    bench.require_same_output(model, made["out"])


def test_a_bias_that_is_distilled_from_stays(bench):
    model = bench.export("biased")
    section = {"node": ["conv2d_0.tmp_1", "conv2d_1.tmp_0"], "loss": "l2", "alpha": 1.0}
    (made,) = bench.compress({"QuantAware": CONVS, "Distillation": section}, model, model)
    assert made["nodes"] == ["conv2d_0.tmp_1", "conv2d_1.tmp_0"]
    assert "biases" not in " ".join(made["remarks"])
