"""Which channels go together, and how the others are described; on graphs without Paddle."""

from types import SimpleNamespace

import pytest

from compress.methods.channel_prune.in_worker.removable import (
    Channels,
    describe_obstacles,
    plain_convolutions,
)

SLOTS = {"conv2d": ("Input", "Output"), "batch_norm": ("X", "Y")}


def chain(*kinds, groups=1):
    """A block of ops in a row: op ``n`` reads ``v<n>`` and writes ``v<n + 1>``."""
    ops = []
    for number, kind in enumerate(kinds):
        source, target = SLOTS.get(kind, ("X", "Out"))
        inputs, outputs = {source: f"v{number}"}, {target: f"v{number + 1}"}
        if kind == "conv2d":
            inputs["Filter"] = f"w{number}"
        attributes = {"groups": groups, "data_format": "NCHW", "data_layout": "NCHW", "axis": 1}
        ops.append(
            SimpleNamespace(
                type=kind,
                input_names=list(inputs),
                input=lambda slot, inputs=inputs: [inputs[slot]],
                output=lambda slot, outputs=outputs: [outputs[slot]],
                input_arg_names=list(inputs.values()),
                output_arg_names=list(outputs.values()),
                has_attr=attributes.__contains__,
                attr=attributes.get,
            )
        )
    return SimpleNamespace(
        ops=ops,
        var=lambda name: SimpleNamespace(
            shape=(8, 8, 1, 1) if name.startswith("w") else (-1, 8, 4, 4),
            persistable=name.startswith("w"),
        ),
    )


@pytest.mark.parametrize(
    ("kinds", "obstacle"),
    [
        (("conv2d", "batch_norm", "relu", "conv2d"), ""),
        (("conv2d", "batch_norm", "softmax", "conv2d"), "softmax normalises them"),
        (("conv2d", "relu", "reshape2", "conv2d"), "reshape2 reshapes them"),
        (("conv2d", "relu", "transpose2", "conv2d"), "transpose2 moves them"),
        (("conv2d", "layer_norm", "conv2d"), "layer_norm normalises them"),
        (("conv2d", "relu", "fetch"), "fetch returns them"),
    ],
)
def test_the_ops_up_to_the_next_convolution_decide(kinds, obstacle):
    block = chain(*kinds)
    assert Channels(block, ()).obstacle(block.ops[0]) == obstacle


def test_what_lies_behind_the_next_convolution_does_not_matter():
    block = chain("conv2d", "relu", "conv2d", "reshape2")
    assert Channels(block, ()).obstacle(block.ops[0]) == ""
    assert Channels(block, ()).obstacle(block.ops[2]) == "reshape2 reshapes them"


@pytest.mark.parametrize("variable", ["v1", "v2", "v3"])
def test_what_is_compared_with_the_teacher_keeps_its_channels(variable):
    block = chain("conv2d", "batch_norm", "relu", "conv2d")
    obstacle = Channels(block, {variable}).obstacle(block.ops[0])
    assert obstacle == "they are compared with the teacher's"
    assert Channels(block, {"v4"}).obstacle(block.ops[0]) == ""


def test_a_batch_norm_has_to_follow_directly():
    block = chain("conv2d", "batch_norm", "conv2d", "relu")
    channels = Channels(block, ())
    assert channels.is_normalised(block.ops[0])
    assert not channels.is_normalised(block.ops[2])


def test_convolutions_with_groups_are_left_out():
    assert list(plain_convolutions(chain("conv2d", "relu", "conv2d"))) == ["w0", "w2"]
    assert plain_convolutions(chain("conv2d", groups=8)) == {}


def test_a_remark_names_a_few_layers_for_each_reason():
    reasons = {f"w{n}": "concat joins them" for n in range(4)}
    obstacles = {**reasons, "w4": "", "w5": "softmax normalises them"}
    assert describe_obstacles(obstacles, {"w0": "neck.conv.weight"}) == [
        "channels kept of 4 convolutions, since concat joins them: neck.conv.weight, w1, w2, …",
        "channels kept of 1 convolution, since softmax normalises them: w5",
    ]
    assert describe_obstacles({"w0": ""}, {}) == []
