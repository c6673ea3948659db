"""Quantisation-aware training with distillation."""

import pytest

from tests.compress.conftest import CONVS


@pytest.mark.parametrize("pact", [False, True])
def test_quantisation_aware_training(bench, pact):
    (made,) = bench.compress({"QuantAware": {**CONVS, "use_pact": pact}, "Distillation": {}})
    assert made["quantised"] == ["conv2d", "depthwise_conv2d"]
