"""What each op does with channels: the rules on one op each, without Paddle."""

from types import SimpleNamespace

import pytest

from compress.in_worker.graph.channel_rules import Kept, Links, Step, follow

FOUR = (-1, 8, 4, 4)
SHAPES = {"x": FOUR, "y": FOUR, "out": FOUR, "se": (-1, 8, 1, 1), "bias": (8,), "one": (1,)}
LAYOUT = {"data_format": "NCHW", "groups": 1}


def op(kind, inputs, outputs, **attributes):
    """An op as a program describes it; ``inputs`` and ``outputs``: a variable by slot."""
    return SimpleNamespace(
        type=kind,
        input_names=list(inputs),
        input=lambda slot: [inputs[slot]],
        output=lambda slot: [outputs[slot]],
        input_arg_names=list(inputs.values()),
        output_arg_names=list(outputs.values()),
        has_attr=attributes.__contains__,
        attr=attributes.get,
    )


def look(middle, name, axis=1, more=(), **shapes):
    """What ``follow`` says of one op at a variable; ``more``: other ops of the block."""
    sizes = {**SHAPES, **shapes}
    stored = ("bias", "one", "filter")
    block = SimpleNamespace(
        ops=[middle, *more],
        var=lambda var: SimpleNamespace(shape=sizes[var], persistable=var in stored),
    )
    return follow(Step(middle, name, axis, Links(block)))


def kept(middle, name, axis=1, **shapes):
    """Why the channels stay."""
    with pytest.raises(Kept) as caught:
        look(middle, name, axis, **shapes)
    return str(caught.value)


def plain(kind, **attributes):
    return op(kind, {"X": "x"}, {"Out": "out"}, **attributes)


def convolution(kind="conv2d", source="x", target="out", **attributes):
    inputs = {"Input": source, "Filter": "filter"}
    return op(kind, inputs, {"Output": target}, **{**LAYOUT, **attributes})


def addition(x, y, axis=-1):
    return op("elementwise_add", {"X": x, "Y": y}, {"Out": "out"}, axis=axis)


@pytest.mark.parametrize("kind", ["relu", "swish", "hard_sigmoid", "scale"])
@pytest.mark.parametrize(("name", "other"), [("x", "out"), ("out", "x")])
def test_activations_pass_channels_on_in_both_directions(kind, name, other):
    assert look(plain(kind), name) == [(other, 1)]
    assert look(plain(kind), name, axis=3) == [(other, 3)]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("reshape2", "reshapes"),
        ("flatten_contiguous_range", "reshapes"),
        ("squeeze2", "reshapes"),
        ("transpose2", "moves"),
        ("concat", "joins"),
        ("split", "divides"),
        ("layer_norm", "normalises"),
        ("group_norm", "normalises"),
        ("instance_norm", "normalises"),
        ("log_softmax", "normalises"),
        ("matmul_v2", "multiplies"),
        ("fetch", "returns"),
        ("argsort", "reads or writes"),
    ],
)
def test_what_moves_mixes_or_returns_channels_keeps_them(kind, what):
    assert kept(plain(kind), "x") == f"{kind} {what} them"


@pytest.mark.parametrize("axis", [1, -3])
def test_a_softmax_over_the_channels_keeps_them(axis):
    assert kept(plain("softmax", axis=axis), "x") == "softmax normalises them"


def test_a_softmax_over_another_axis_passes_them_on():
    assert look(plain("softmax", axis=-1), "x") == [("out", 1)]


def test_a_convolution_ends_what_it_reads_and_shares_what_it_writes():
    assert look(convolution(), "x") == [("x", 1)]
    assert look(convolution(), "out") == [("out", 1)]


def test_convolutions_with_one_filter_go_together():
    twin = convolution(source="y", target="twin")
    assert look(convolution(), "x", more=[twin]) == [("x", 1), ("y", 1)]
    assert look(convolution(), "out", more=[twin]) == [("out", 1), ("twin", 1)]


def test_a_convolution_reads_channels_at_their_axis_only():
    """What a reshape took elsewhere made PaddleSlim end in "only be pruned at channel axis"."""
    reason = "conv2d reads them at another axis"
    assert kept(convolution(), "x", axis=2) == reason
    assert kept(convolution(data_format="NHWC"), "x") == reason


@pytest.mark.parametrize(("name", "other"), [("x", "out"), ("out", "x")])
def test_a_depthwise_convolution_passes_channels_on(name, other):
    middle = convolution("depthwise_conv2d", groups=8)
    assert look(middle, name, filter=(8, 1, 3, 3)) == [(other, 1)]


@pytest.mark.parametrize(("groups", "filters"), [(2, (8, 4, 1, 1)), (8, (16, 1, 3, 3))])
def test_other_groups_keep_channels(groups, filters):
    reason = kept(convolution(groups=groups), "x", filter=filters)
    assert reason == "a convolution divides them into groups"


def test_computed_filters_and_transposed_convolutions_keep_channels():
    reason = kept(convolution(), "filter", filter=(8, 8, 1, 1))
    assert reason == "they are the filters of another convolution"
    reason = kept(convolution("conv2d_transpose"), "out")
    assert reason == "a transposed convolution writes them, too"
    assert look(convolution("conv2d_transpose"), "x") == [("x", 1)]


def test_what_is_added_goes_together():
    assert look(addition("x", "y"), "x") == [("out", 1), ("y", 1)]
    assert look(addition("x", "y"), "y") == [("out", 1), ("x", 1)]
    assert look(addition("x", "y"), "out") == [("x", 1), ("y", 1)]
    assert look(addition("x", "se"), "x") == [("out", 1), ("se", 1)]


def test_a_bias_and_a_number_go_along_without_a_word():
    assert look(addition("x", "bias", axis=1), "x") == [("out", 1)]
    assert look(addition("x", "one"), "x") == [("out", 1)]
    reshape = op("reshape2", {"X": "bias"}, {"Out": "se"})
    assert look(addition("x", "se"), "x", more=[reshape]) == [("out", 1)]


@pytest.mark.parametrize("kind", ["reduce_mean", "reduce_max"])
def test_one_value_for_all_channels_ends_them_and_one_for_each_keeps_them(kind):
    assert look(plain(kind, dim=[1]), "x") == look(plain(kind, dim=[-3]), "x") == []
    assert look(plain(kind, dim=[0], reduce_all=True), "x") == []
    for name in ("x", "out"):
        reason = kept(plain(kind, dim=[2, 3]), name)
        assert reason == f"{kind} takes them to the next layer"


def test_a_batch_norm_and_pooling_pass_channels_on_at_their_axis():
    norm = op("batch_norm", {"X": "x", "Scale": "bias"}, {"Y": "out"}, data_layout="NCHW")
    assert look(norm, "x") == [("out", 1)]
    assert kept(norm, "x", axis=2) == "batch_norm reads them at another axis"
    assert look(plain("pool2d", data_format="NCHW"), "x") == [("out", 1)]
    assert look(plain("nearest_interp_v2", data_layout="NCHW"), "out") == [("x", 1)]


def test_asking_for_a_shape_touches_no_channel():
    assert look(op("shape", {"Input": "x"}, {"Out": "out"}), "x") == []
