"""Which convolutions and matrix products have the ranges that TensorRT needs for int8."""

from tests.compress.conftest import CONVS


def ranges(bench, model):
    answer = bench.worker.call({"do": "ranges", "model": model}, 60)
    counts = {op_type: tuple(pair) for op_type, pair in answer["ops"].items()}
    return counts, answer["without"]


def test_a_model_that_is_not_quantised_has_none(bench):
    counts, without = ranges(bench, bench.model)
    assert counts == {"conv2d": (0, 3), "depthwise_conv2d": (0, 1)}
    assert {op["reason"] for op in without} == {"its input has no range"}


def test_every_quantised_convolution_has_them(bench):
    (made,) = bench.compress({"QuantPost": {**CONVS, "batch_nums": 2}})
    counts, without = ranges(bench, made["out"])
    assert counts == {"conv2d": (3, 3), "depthwise_conv2d": (1, 1)}
    assert without == []


def test_what_the_recipe_leaves_out_is_named_with_the_reason(bench):
    section = {"quantize_op_types": ["conv2d"], "batch_nums": 2}
    (made,) = bench.compress({"QuantPost": section})
    counts, (depthwise,) = ranges(bench, made["out"])
    assert counts == {"conv2d": (3, 3), "depthwise_conv2d": (0, 1)}
    assert depthwise["op_type"] == "depthwise_conv2d"
    assert depthwise["output"].startswith("depthwise_conv2d_0")
    assert depthwise["reason"] == "its input has no range"


def test_matrix_products_are_counted(bench):
    model = bench.export("feed_forward")
    section = {"quantize_op_types": ["matmul_v2", "conv2d"], "batch_nums": 2}
    (made,) = bench.compress({"QuantPost": section}, model, model)
    counts, _ = ranges(bench, made["out"])
    assert counts == {"conv2d": (1, 1), "depthwise_conv2d": (0, 1), "matmul_v2": (5, 5)}
