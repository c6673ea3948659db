"""Work, weights and zeros of a program, counted exactly."""

import pytest

STEM, DEPTH, BODY, HEAD = 8 * 3 * 9, 8 * 9, 16 * 8, 4 * 16
WEIGHTS = STEM + DEPTH + BODY + HEAD


def effects(bench, model):
    return bench.worker.call({"do": "effects", "model": model}, 60)


def test_each_weight_of_a_convolution_multiplies_once_for_each_pixel(bench):
    counted = effects(bench, bench.model)
    assert counted["flops"] == 32 * 32 * WEIGHTS
    assert counted["weights"] == WEIGHTS
    assert (counted["zeros"], counted["quantised"]) == (0, [])


def test_zeros_are_counted_by_share_and_in_groups_of_four_inputs(bench):
    """The head's 64 weights are zero; only it and the body have inputs in fours."""
    counted = effects(bench, bench.export(whole=True))
    assert counted["zeros"] == pytest.approx(HEAD / WEIGHTS, abs=1e-6)
    assert counted["zeros_2_4"] == pytest.approx(HEAD / (HEAD + BODY), abs=1e-6)


def test_quantised_op_types_are_those_behind_quantisers(bench):
    (made,) = bench.compress({"QuantPost": {"quantize_op_types": ["conv2d"], "batch_nums": 2}})
    assert effects(bench, made["out"])["quantised"] == ["conv2d"]
