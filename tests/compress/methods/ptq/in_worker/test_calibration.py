"""Calibration leaves out what it cannot sample."""

import pytest

from tests.compress.conftest import CONVS


@pytest.mark.parametrize("algo", ["abs_max", "avg", "hist", "mse", "KL"])
def test_what_is_infinite_in_a_later_batch_is_left_in_fp32(bench, algo):
    model = bench.export("overflowing")
    section = {**CONVS, "batch_nums": 8, "algo": algo}
    (made,) = bench.compress({"QuantPost": section}, model, model)
    assert made["quantised"] == ["conv2d"]
    assert "tensors were not calibrated" in made["remarks"][0]
