"""Artifacts are deployed on the target that they are made for, or on the one that is named."""

import pytest

from bench.deployment import deploy
from bench.engines.targets import find_target
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.worker.process import Usage

SHAPE = (1, 3, 8, 8)


def artifact(folder, *quantised):
    record = ArtifactRecord(inputs={}, made=Made(quantised=quantised), usage=Usage())
    return Artifact(folder, "hash", 1, False, record)


@pytest.mark.parametrize(
    ("quantised", "target", "name", "op_types"),
    [
        ((), None, "cpu-onednn-fp32", ()),
        (("conv2d",), None, "cpu-onednn-int8", ("conv2d", "fused_conv2d")),
        (("conv2d",), "cpu-native-fp32", "cpu-native-fp32", ()),
        (("conv2d",), "cpu-onednn-bf16", "cpu-onednn-bf16", ()),
        ((), "cpu-onednn-int8", "cpu-onednn-int8", ()),
    ],
)
def test_op_types_are_quantised_in_int8_alone(tmp_path, quantised, target, name, op_types):
    model = deploy(artifact(tmp_path, *quantised), SHAPE, find_target(target) if target else None)
    assert (model.folder, model.target.name, model.op_types) == (tmp_path, name, op_types)
    assert (model.left_out, model.shape) == ((), SHAPE)


def test_the_engine_is_configured_with_what_the_model_needs(tmp_path):
    model = deploy(artifact(tmp_path, "conv2d"), SHAPE, left_out=("fc_fuse_pass",))
    configured = model.configured(3)
    arguments = {call.method: call.arguments for call in configured.calls}
    assert configured.model == tmp_path
    assert arguments["set_cpu_math_library_num_threads"] == (3,)
    assert arguments["delete_pass"] == ("fc_fuse_pass",)
    assert arguments["enable_mkldnn_int8"] == (("conv2d", "fused_conv2d"),)
