"""Repairs of programs before and after quantisation."""

import pytest

from tests.compress.conftest import CONVS


def test_whole_numbered_weights_are_moved(bench):
    model = bench.export(whole=True)
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}}, model)
    assert "1 whole-numbered weights nudged" in made["remarks"][0]


@pytest.mark.parametrize("section", ["QuantPost", "QuantAware"])
def test_what_the_recipe_leaves_in_fp32_runs_in_fp32(bench, section):
    batches = {"batch_nums": 2} if section == "QuantPost" else {}
    counts = {}
    for types in (["conv2d", "depthwise_conv2d"], ["conv2d"]):
        (answer,) = bench.compress({section: {"quantize_op_types": types, **batches}})
        counts[len(types)] = bench.count(answer["out"])
    assert counts[2] == {"low": 4, "every": 4}
    assert counts[1] == {"low": 3, "every": 4}
