"""Models run on the targets of their runner's kind, with the options of the manifest."""

import pytest

from bench.engines.targets import TARGETS
from bench.placement import OTHER, Placement, check_targets, place, takes
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.manifest import KINDS, RunnerKind, TargetOptions
from compress.worker.process import Usage
from core.errors import InputError

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


def test_every_usual_kind_has_targets_that_exist():
    options = {"gpu-trt": OTHER, "cpu-onednn-int8": TargetOptions(disable_ops=("softmax",))}
    check_targets(KINDS, {"m": options}, "m.yml")


@pytest.mark.parametrize(
    ("kinds", "options", "key", "nearest"),
    [
        ({"gpu": RunnerKind(after="gpu-trt-int4")}, {}, "runners.gpu.after", "gpu-trt-int8"),
        ({"arm": RunnerKind(before="cpu-native")}, {}, "runners.arm.before", "cpu-native-fp32"),
        ({}, {"DINO": {"gpu-tr": TargetOptions()}}, "models.DINO.targets", "gpu-trt"),
    ],
)
def test_targets_that_do_not_exist_are_refused_with_the_nearest(kinds, options, key, nearest):
    with pytest.raises(InputError, match="unknown target") as caught:
        check_targets(kinds, options, "m.yml")
    assert (caught.value.file, caught.value.key, caught.value.nearest) == ("m.yml", key, nearest)


EVERYWHERE = {"threads", "dynamic_shape"}
TAKEN = {
    "cpu-native": {*EVERYWHERE, "delete_passes"},
    "cpu-onednn": {*EVERYWHERE, "delete_passes", "disable_ops"},
    "cpu-openvino": EVERYWHERE,
    "gpu-native": {*EVERYWHERE, "delete_passes"},
    "gpu-trt": {*TargetOptions.model_fields},
}


@pytest.mark.parametrize("name", TARGETS)
def test_each_target_takes_the_options_that_the_docs_give_it(name):
    options = {option for option in TargetOptions.model_fields if takes(TARGETS[name], option)}
    assert options == TAKEN[name.rpartition("-")[0]]


@pytest.mark.parametrize("name", ["cpu-openvino", "cpu-openvino-int8"])
def test_an_option_that_a_target_does_not_take_is_refused_with_those_that_it_takes(name):
    options = {"m": {name: TargetOptions(threads=2, disable_ops=())}}
    with pytest.raises(InputError, match="does not take the option 'disable_ops'") as caught:
        check_targets({}, options, "m.yml")
    assert (caught.value.file, caught.value.key) == ("m.yml", f"models.m.targets.{name}")
    assert set(caught.value.choices) == EVERYWHERE


def test_every_option_has_another_value():
    default = TargetOptions()
    for option in TargetOptions.model_fields:
        assert getattr(OTHER, option) != getattr(default, option)
