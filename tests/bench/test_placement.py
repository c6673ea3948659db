"""Models run on the targets of their runner's kind, with the options of the manifest."""

import pytest

from bench.placement import Placement, place
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.manifest import KINDS, RunnerKind, TargetOptions
from compress.worker.process import Usage

SHAPE = (1, 3, 8, 8)


def artifact(folder, *quantised):
    record = ArtifactRecord(inputs={}, made=Made(quantised=quantised), usage=Usage())
    return Artifact(folder, "hash", 1, False, record)


@pytest.mark.parametrize(
    ("kind", "quantised", "compressed", "name"),
    [
        ("cpu", False, False, "cpu-onednn-fp32"),
        ("cpu", True, True, "cpu-onednn-int8"),
        ("cpu", False, True, "cpu-onednn-fp32"),
        ("gpu", False, False, "gpu-trt-fp32"),
        ("gpu", True, True, "gpu-trt-int8"),
        ("gpu", False, True, "gpu-trt-fp32"),
    ],
)
def test_a_pruned_model_runs_where_it_would_before(tmp_path, kind, quantised, compressed, name):
    made = artifact(tmp_path, *(["conv2d"] if quantised else []))
    model = place(KINDS[kind], {}).deploy(made, SHAPE, compressed=compressed)
    assert (model.target.name, model.unfit) == (name, None)


def test_a_pruned_model_runs_in_half_precision_if_that_comes_after(tmp_path):
    kind = RunnerKind(before="gpu-trt-fp32", after="gpu-trt-fp16")
    model = place(kind, {}).deploy(artifact(tmp_path), SHAPE, compressed=True)
    assert model.target.name == "gpu-trt-fp16"


def test_without_a_kind_models_run_on_onednn(tmp_path):
    model = Placement().deploy(artifact(tmp_path), SHAPE, compressed=False, left_out=("a_pass",))
    assert (model.target.name, model.left_out) == ("cpu-onednn-fp32", ("a_pass",))
    assert model.options == TargetOptions()


def test_options_of_a_target_go_before_those_of_its_engine(tmp_path):
    options = {
        "gpu-trt": TargetOptions(disable_ops=("slice",), min_subgraph=5),
        "gpu-trt-int8": TargetOptions(min_subgraph=7),
        "cpu-onednn": TargetOptions(threads=1),
    }
    placement = place(KINDS["gpu"], options)
    before = placement.deploy(artifact(tmp_path), SHAPE, compressed=False).options
    after = placement.deploy(artifact(tmp_path, "conv2d"), SHAPE, compressed=True).options
    assert (before.disable_ops, before.min_subgraph, before.threads) == (("slice",), 5, None)
    assert (after.disable_ops, after.min_subgraph, after.threads) == (("slice",), 7, None)
