"""Artifacts are deployed on the target that they are made for, or on the one that is named."""

from dataclasses import replace

import pytest

from bench.deployment import deploy
from bench.engines.calls import OpSet, PaddlePrecision, ShapeRanges
from bench.engines.targets import find_target
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.manifest import TargetOptions
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


def arguments(model, threads=3):
    configured = model.configured(threads)
    assert configured.model == model.folder
    return {call.method: (*call.arguments, *call.named.values()) for call in configured.calls}


def test_the_engine_is_configured_with_what_the_model_needs(tmp_path):
    model = deploy(artifact(tmp_path, "conv2d"), SHAPE, left_out=("fc_fuse_pass",))
    given = arguments(model)
    assert given["set_cpu_math_library_num_threads"] == (3,)
    assert given["delete_pass"] == ("fc_fuse_pass",)
    assert given["enable_mkldnn_int8"] == (OpSet(op_set=("conv2d", "fused_conv2d")),)


def test_the_manifests_options_reach_the_engine(tmp_path):
    options = TargetOptions(
        delete_passes=("a_pass",),
        disable_ops=("slice",),
        min_subgraph=5,
        workspace_mb=7,
        threads=2,
    )
    target = find_target("gpu-trt-int8")
    model = replace(
        deploy(artifact(tmp_path, "conv2d"), (4, 3, 8, 8), target, ("b_pass",)),
        options=options,
        shape_ranges=tmp_path / "shapes",
        engines=tmp_path / "engines",
    )
    configured = model.configured(3)
    assert configured.shape_ranges == tmp_path / "shapes"
    assert configured.engines == tmp_path / "engines"
    assert model.places == (model.folder.resolve(), tmp_path / "shapes", tmp_path / "engines")
    assert (model.without(("c",)).left_out, model.without(("c",)).engines) == (
        ("b_pass", "c"),
        None,
    )
    given = arguments(model)
    precision = PaddlePrecision(precision_type="Int8")
    assert given["enable_tensorrt_engine"] == (7 * 2**20, 4, 5, precision, True, False)
    assert given["exp_disable_tensorrt_ops"] == (("slice",),)
    assert given["enable_tuned_tensorrt_dynamic_shape"] == (ShapeRanges(), False)
    assert given["set_cpu_math_library_num_threads"] == (2,)
    deleted = [call.arguments for call in model.configured(3).calls if call.method == "delete_pass"]
    assert deleted == [("a_pass",), ("b_pass",)]


@pytest.mark.parametrize(
    ("quantised", "target", "unfit"),
    [
        ((), "gpu-trt-int8", True),
        ((), "cpu-onednn-int8", True),
        (("conv2d",), "gpu-trt-int8", False),
        (("conv2d",), "gpu-native-fp32", True),
        ((), "gpu-native-fp16", False),
        ((), None, False),
        (("conv2d",), None, False),
    ],
)
def test_models_that_would_compute_nonsense_are_marked(tmp_path, quantised, target, unfit):
    model = deploy(artifact(tmp_path, *quantised), SHAPE, find_target(target) if target else None)
    assert (model.unfit is not None) == unfit
