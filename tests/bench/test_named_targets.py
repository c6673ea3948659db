"""Targets in a manifest that do not exist, and options that they do not take."""

import pytest

from bench.engines.targets import TARGETS
from bench.named_targets import OTHER, check_targets, takes
from compress.manifest import KINDS, RunnerKind, TargetOptions
from core.errors import InputError

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


def test_every_option_has_another_value():
    default = TargetOptions()
    for option in TargetOptions.model_fields:
        assert getattr(OTHER, option) != getattr(default, option)


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


@pytest.mark.parametrize("name", ["cpu-openvino", "cpu-openvino-int8"])
def test_an_option_that_a_target_does_not_take_is_refused_with_those_that_it_takes(name):
    options = {"m": {name: TargetOptions(threads=2, disable_ops=())}}
    with pytest.raises(InputError, match="does not take the option 'disable_ops'") as caught:
        check_targets({}, options, "m.yml")
    assert (caught.value.file, caught.value.key) == ("m.yml", f"models.m.targets.{name}")
    assert set(caught.value.choices) == EVERYWHERE
